#include "plan/inference/infer.hpp"

#include "plan/inference/node_view.hpp"

namespace sluice {

void infer_node(const LogicalPlan& plan, PlanNode& node) {
  const NodeView view(plan, node);
  TimeProperties time = node.operation->infer_time(view);
  node.late_rows = time.late_rows;
  node.time_columns = std::move(time.time_columns);
  node.window = time.window;
  ChangeProperties changes = node.operation->infer_changes(view);
  node.mode = std::move(changes.mode);
  node.unique_key = std::move(changes.unique_key);
  Placement placement = node.operation->infer_placement(view);
  for (size_t port = 0; port < node.inputs.size(); ++port) {
    node.inputs[port].exchange = std::move(placement.exchanges[port]);
  }
  node.distributed_by = std::move(placement.distributed_by);
}

const PlanNode& maker_of_upserts(const LogicalPlan& plan, const PlanNode& node) {
  if (node.inputs.empty()) return node;
  const PlanNode& input = plan.node(node.inputs.front().node);
  const bool hands_on = input.mode.kind == ChangelogMode::Kind::upsert;
  return hands_on ? maker_of_upserts(plan, input) : node;
}

}  // namespace sluice
