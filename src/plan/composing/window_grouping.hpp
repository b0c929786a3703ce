// WindowGrouping: an aggregate over a window function, seen through the filters and projections
// between them, in terms of the window's input. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error_code.hpp"
#include "plan/conjuncts.hpp"
#include "plan/operations/window_aggregate.hpp"
#include "sql/relation.hpp"

namespace sluice {

struct WindowGrouping {
  const Windowed* windowed = nullptr;
  uint32_t position = 0;  // of the window function in the SQL
  Conjuncts below;        // filters over the input's columns
  Conjuncts above;        // filters over the window's columns alone
  // One per key of the aggregate: its role; of Role::column the expression over the input; of a
  // value computed from the window's columns alone, the expression over the window's schema.
  struct Key {
    WindowKey::Role role = WindowKey::Role::column;
    ExpressionPtr expression;
    bool is_computed_from_window = false;

    bool is_plain() const { return role == WindowKey::Role::column && !is_computed_from_window; }
  };
  std::vector<Key> keys;
  struct Call {
    AggregateCall call;
    // What it reads in place of its columns, one for each, in their order.
    std::vector<ExpressionPtr> reads;
  };
  std::vector<Call> calls;
  // Of windows that depend on rows, over the input and among the keys: each combination has windows
  // of its own. What partition_by names; without it all plain keys.
  std::vector<ExpressionPtr> partition;

  // Where one of the window's columns is among the keys.
  std::optional<size_t> key_of(WindowKey::Role role) const;
};

struct GroupingProblem {
  ErrorCode code;
  std::string message;
  std::string suggestion;
};

// The Windowed below filters and projections; null when there is none.
const Relation* find_window(const Relation& relation);

// An aggregate whose input has a window below it. `problem` says why it cannot be done.
WindowGrouping read_window_grouping(const Aggregate& aggregate, const Relation& window_relation,
                                    std::optional<GroupingProblem>& problem);

}  // namespace sluice
