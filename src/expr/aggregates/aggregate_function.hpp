// AggregateFunction: one overload of an aggregate function, as PostgreSQL has them, and how it
// computes. Registered once into AggregateRegistry at start, then immutable; any thread. The
// binder, the plan and the operators ask the descriptor alone: no other place knows a function by
// its name.
//
// To add a function: a file in expr/aggregates/functions with `void
// register_NAME(FunctionRegistry&)`, and its word in src/CMakeLists.txt.
//
// It computes in one of two ways:
// accumulate: rows are folded into a state of fixed meaning (folding.hpp), the states of two sets
// of rows merge to the state of both, and the order of rows is no matter. Such a function is folded
// before an exchange, in panes of windows and when windows merge. Rows that are taken back, or
// panes that leave a sliding window, are taken out of the state where it can do that, and else the
// states are kept apart until the result is read: either is the factory's matter. fold_rows: it
// needs its rows themselves, in order. The engine keeps them, sorts them by the call's ORDER BY and
// then by the arguments, so that the result does not depend on how rows came, and counts equal ones
// once with DISTINCT. Merging and taking back are the engine's matter.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "data/column.hpp"

namespace sluice {

class Accumulator;
struct AccumulatorRequest;

// Rows of one key. `rows` are indexes into the columns; a row that is there twice is named twice.
struct OrderedRows {
  std::vector<ColumnPtr> arguments;
  std::vector<uint32_t> rows;
};

using AccumulatorFactory = std::unique_ptr<Accumulator> (*)(const AccumulatorRequest&);
// Appends the result over rows whose first argument is not NULL; there may be none. Error: nothing
// was appended.
using RowsFold = Status (*)(const OrderedRows& rows, ColumnBuilder& out);

// A name that other dialects have for the function, and what to write here.
struct ForeignAggregate {
  std::string name;
  std::string advice;
};

struct AggregateFunction {
  std::string name;                  // in lower case; as it is printed in plans and lineages
  std::vector<std::string> aliases;  // SQL may name it so as well
  // Without arguments it is called with a star. A row whose first argument is NULL does not count.
  std::vector<Type> arguments;
  Type result;
  AccumulatorFactory accumulate = nullptr;  // exactly one of the two
  RowsFold fold_rows = nullptr;
  // Of equal values one decides: DISTINCT means nothing.
  bool ignores_duplicates = false;
  // The result is how many values there are.
  bool counts_values = false;
  std::string help;  // one line, for `sluice list functions`
  std::vector<ForeignAggregate> foreign;

  // Whether the states of parts of the rows make that of all, without the rows.
  bool merges() const { return accumulate != nullptr; }
  bool needs_order() const { return fold_rows != nullptr; }
};

}  // namespace sluice
