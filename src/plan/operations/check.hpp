// PlanCheck: judges rows by the checks of a step; those that fail one go where it says.
#pragma once

#include "plan/operation.hpp"

namespace sluice {

struct PlannedCheck {
  std::string name;
  ExpressionPtr predicate;  // NULL passes
  RowPolicy on_fail = RowPolicy::dead_letter;
};

// Of a row that is taken back (-U, -D), a failed check is silent: it was reported when the row
// came.
struct PlanCheck {
  std::vector<PlannedCheck> checks;

  // As plan/operation.hpp asks.
  static constexpr std::string_view name = "check";
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
