// The ON condition of a join of two streams, taken apart: equal keys, bounds on the event times,
// what concerns one side alone, and the rest. Pure.
#pragma once

#include <optional>

#include "plan/conjuncts.hpp"
#include "plan/logical_plan.hpp"

namespace sluice {

struct JoinSides {
  const PlanNode& left;
  const PlanNode& right;
  JoinKind kind;
};

// lower <= right.time - left.time <= upper, in microseconds.
struct JoinBounds {
  size_t left_column;
  size_t right_column;
  std::optional<int64_t> lower_us;
  std::optional<int64_t> upper_us;
};

struct JoinConditions {
  // Equal pairwise. Left's over left's columns, right's over right's columns.
  Conjuncts left_keys;
  Conjuncts right_keys;
  // Predicates that may be applied below the join, over that side's columns.
  Conjuncts left_only;
  Conjuncts right_only;
  Conjuncts residual;                // over both
  std::optional<JoinBounds> bounds;  // of one pair of time columns; a side may be missing
};

JoinConditions analyse_join(const Conjuncts& conjuncts, const JoinSides& sides);
// The same where event times are columns like others: no bounds.
JoinConditions analyse_join_without_time(const Conjuncts& conjuncts, const JoinSides& sides);

}  // namespace sluice
