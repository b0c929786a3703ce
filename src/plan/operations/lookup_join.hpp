// PlanLookupJoin: adds to each row what a lookup has for its keys.
#pragma once

#include "plan/operation.hpp"

namespace sluice {

// Output: the input's columns, then the lookup's.
struct PlanLookupJoin {
  std::string lookup;
  Columns keys;  // columns of the input, in the order of the lookup's keys
  JoinKind kind = JoinKind::left;
  ExpressionPtr residual;    // may be null
  SchemaPtr lookup_columns;  // only the columns that the plan needs, in this order
  // Over updates it keeps the row it emitted, so that a retraction carries the same dimension.
  // State per `state_key`.
  bool keeps_rows = false;
  Columns state_key;
  bool state_key_is_unique = true;  // else it is the whole row, and equal rows are counted
  int64_t ttl_us = 0;

  // As plan/operation.hpp asks.
  static constexpr std::string_view name = "lookup_join";
  std::string text(const NodeView& view) const;
  std::vector<ColumnSet> reads(const NodeView& view, const ColumnSet& wanted) const;
  ColumnMapping narrow(Narrowing& narrowing);
  TimeProperties infer_time(const NodeView& view);
  ChangeProperties infer_changes(const NodeView& view);
  Placement infer_placement(const NodeView& view) const;
  bool reads_clock() const;
  std::string reason_of_changes(const NodeView& view) const;
  bool keeps_state() const;
  Flow flow(const FlowView& below) const;
  void add_facts(StateFacts& facts) const;
  bool sends_kept_rows() const;
  std::vector<MovedPredicate> move_below(const NodeView& view, const ExpressionPtr& conjunct) const;
};

}  // namespace sluice
