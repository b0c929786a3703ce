// PlanWindowRows: every row once for each of its windows.
#pragma once

#include "plan/operation.hpp"
#include "plan/operations/plan_window.hpp"

namespace sluice {

// Output: the input's columns, then window_start, window_end and window_time. Input is append.
struct PlanWindowRows {
  PlanWindow window;

  // As plan/operation.hpp asks.
  static constexpr std::string_view name = "window_rows";
  std::string text(const NodeView& view) const;
  std::vector<ColumnSet> reads(const NodeView& view, const ColumnSet& wanted) const;
  ColumnMapping narrow(Narrowing& narrowing);
  TimeProperties infer_time(const NodeView& view);
  ChangeProperties infer_changes(const NodeView& view);
  Placement infer_placement(const NodeView& view) const;
  bool reads_clock() const;
  std::string reason_of_changes(const NodeView& view) const;
  Flow flow(const FlowView& below) const;
};

}  // namespace sluice
