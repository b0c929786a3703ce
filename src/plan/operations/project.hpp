// PlanProject: computes columns from those of each row.
#pragma once

#include "plan/operation.hpp"

namespace sluice {

struct PlanProject {
  std::vector<ExpressionPtr> expressions;  // one per field of the schema

  // As plan/operation.hpp asks.
  static constexpr std::string_view name = "project";
  std::string text(const NodeView& view) const;
  std::vector<ColumnSet> reads(const NodeView& view, const ColumnSet& wanted) const;
  ColumnMapping narrow(Narrowing& narrowing);
  TimeProperties infer_time(const NodeView& view);
  ChangeProperties infer_changes(const NodeView& view);
  Placement infer_placement(const NodeView& view) const;
  bool reads_clock() const;
  std::string reason_of_changes(const NodeView& view) const;
  Flow flow(const FlowView& below) const;
  bool takes_upserts(const NodeView& view, const PlanNode& input) const;
  std::vector<MovedPredicate> move_below(const NodeView& view, const ExpressionPtr& conjunct) const;
};

}  // namespace sluice
