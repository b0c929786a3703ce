// PlanRegularJoin: a join of two relations on equal keys, whenever their rows come.
#pragma once

#include "plan/operation.hpp"

namespace sluice {

// Output: left's columns, then right's. Takes every mode but upsert. A pair matches iff the keys
// are equal (NULL never is) and `residual` is true (or there is none). Hashed by the keys.
struct PlanRegularJoin {
  Columns left_keys;
  Columns right_keys;  // in the same order and of the same types
  JoinKind kind = JoinKind::inner;
  ExpressionPtr residual;
  int64_t ttl_us = 0;          // 0: for ever
  bool sends_changes = false;  // what was joined may be taken back

  // As plan/operation.hpp asks.
  static constexpr std::string_view name = "regular_join";
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
  std::optional<int64_t> keeping_time_us() const;
  std::vector<MovedPredicate> move_below(const NodeView& view, const ExpressionPtr& conjunct) const;
};

}  // namespace sluice
