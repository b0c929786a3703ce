// PlanUnion: the rows of all of its inputs, which have equal schemas.
#pragma once

#include "plan/operation.hpp"

namespace sluice {

struct PlanUnion {
  // As plan/operation.hpp asks.
  static constexpr std::string_view name = "union_all";
  std::string text(const NodeView& view) const;
  std::vector<ColumnSet> reads(const NodeView& view, const ColumnSet& wanted) const;
  ColumnMapping narrow(Narrowing& narrowing);
  TimeProperties infer_time(const NodeView& view);
  ChangeProperties infer_changes(const NodeView& view);
  Placement infer_placement(const NodeView& view) const;
  bool reads_clock() const;
  std::string reason_of_changes(const NodeView& view) const;
  Flow flow(const FlowView& below) const;
  std::vector<MovedPredicate> move_below(const NodeView& view, const ExpressionPtr& conjunct) const;
};

}  // namespace sluice
