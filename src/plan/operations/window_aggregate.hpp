// PlanWindowAggregate: GROUP BY over windows, or over results of windows.
#pragma once

#include "plan/operation.hpp"
#include "plan/operations/plan_window.hpp"
#include "windows/window_columns.hpp"

namespace sluice {

// Output: one field per key, then one per call. Input is append. Refused for a window iff
// window_end <= seen - lag - accept. Hashed by the keys of Role::column; by the partition of
// windows that depend on rows, whose columns are among the keys.
struct PlanWindowAggregate {
  PlanWindow window;
  std::vector<WindowKey> keys;
  std::vector<AggregateCall> calls;
  int64_t emit_every_us = 0;  // 0: at window end; else running values of processing time as well
  LatePolicy late;

  // As plan/operation.hpp asks.
  static constexpr std::string_view name = "window_aggregate";
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
  bool only_corrects() const;
  std::optional<int64_t> keeping_time_us() const;
  bool merges_partials() const;
  bool refuses_late_rows() const;
};

}  // namespace sluice
