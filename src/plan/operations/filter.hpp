// PlanFilter: hands on the rows for which a predicate is true.
#pragma once

#include "plan/operation.hpp"

namespace sluice {

struct PlanFilter {
  ExpressionPtr predicate;

  // As plan/operation.hpp asks.
  static constexpr std::string_view name = "filter";
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
};

}  // namespace sluice
