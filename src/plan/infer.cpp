#include "plan/infer.hpp"

namespace sluice {

void infer_node(const LogicalPlan& plan, PlanNode& node) {
  infer_time(plan, node);
  infer_changes(plan, node);
  infer_distribution(plan, node);
}

std::optional<std::vector<size_t>> columns_after(const PlanProject& project,
                                                 const std::vector<size_t>& columns) {
  std::vector<size_t> after;
  for (const size_t column : columns) {
    bool found = false;
    for (size_t i = 0; i < project.expressions.size() && !found; ++i) {
      const auto* reference = project.expressions[i]->as<ColumnReference>();
      if (!reference || reference->index != column) continue;
      after.push_back(i);
      found = true;
    }
    if (!found) return std::nullopt;
  }
  return after;
}

}  // namespace sluice
