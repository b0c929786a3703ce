#include "plan/infer.hpp"

#include <algorithm>

namespace sluice {

void infer_node(const LogicalPlan& plan, PlanNode& node) {
  infer_time(plan, node);
  infer_changes(plan, node);
  infer_distribution(plan, node);
}

bool reads_clock(const PlanProject& project) {
  return !std::all_of(
      project.expressions.begin(), project.expressions.end(),
      [](const ExpressionPtr& expression) { return is_deterministic(*expression); });
}

const PlanNode& maker_of_upserts(const LogicalPlan& plan, const PlanNode& node) {
  if (node.inputs.empty()) return node;
  const PlanNode& input = plan.node(node.inputs.front().node);
  const bool hands_on = input.mode.kind == ChangelogMode::Kind::upsert;
  return hands_on ? maker_of_upserts(plan, input) : node;
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
