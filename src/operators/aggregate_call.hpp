// AggregateCall: one aggregate function over columns of an operator's input, and how late rows are
// treated by operators with event time. Plain values.
#pragma once

#include <cstdint>
#include <optional>

#include "data/row_policy.hpp"
#include "data/type.hpp"
#include "expr/aggregate.hpp"

namespace sluice {

struct AggregateColumn {
  AggregateKind kind = AggregateKind::count_rows;
  std::optional<size_t> argument;  // column of the input; none for count(*)
  std::optional<size_t> filter;    // boolean column of the input
  bool distinct = false;
  Type result;
};

// What becomes of rows behind the watermark.
struct LateHandling {
  bool refuses = true;    // false: an earlier operator has refused them already
  int64_t accept_us = 0;  // how long state is kept past the point where it could close
  RowPolicy action = RowPolicy::dead_letter;
};

}  // namespace sluice
