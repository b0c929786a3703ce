// PlanIntervalJoin: a join of two streams whose event times are near each other.
#pragma once

#include "plan/operation.hpp"

namespace sluice {

struct PlanJoinSide {
  // Equi-join columns of this input, in the same order and of the same types on both sides.
  Columns keys;
  size_t time_column = 0;  // of this input
  int64_t lag_us = 0;      // of that column
  LatePolicy late;         // refused iff time < seen - lag - accept
};

// Output: left's columns, then right's. Inputs are append. A pair matches iff the keys are equal
// (NULL never is), lower_us <= right.time - left.time <= upper_us, and `residual` is true (or there
// is none).
struct PlanIntervalJoin {
  PlanJoinSide left;
  PlanJoinSide right;
  JoinKind kind = JoinKind::inner;
  int64_t lower_us = 0;
  int64_t upper_us = 0;
  ExpressionPtr residual;

  // As plan/operation.hpp asks.
  static constexpr std::string_view name = "interval_join";
  std::string text(const NodeView& view) const;
  std::vector<ColumnSet> reads(const NodeView& view, const ColumnSet& wanted) const;
  ColumnMapping narrow(Narrowing& narrowing);
  TimeProperties infer_time(const NodeView& view);
  ChangeProperties infer_changes(const NodeView& view);
  Placement infer_placement(const NodeView& view) const;
  bool reads_clock() const;
  std::string reason_of_changes(const NodeView& view) const;
  void add_facts(StateFacts& facts) const;
  bool sends_kept_rows() const;
  std::vector<MovedPredicate> move_below(const NodeView& view, const ExpressionPtr& conjunct) const;
};

}  // namespace sluice
