// to_string(LogicalPlan): what each node does, then what leaves it.
#include "plan/inference/node_view.hpp"
#include "plan/operations/sink.hpp"
#include "plan/text/operation_text.hpp"
#include "sql/relation_text.hpp"
#include "windows/duration_text.hpp"

namespace sluice {

namespace {

std::string inputs_text(const LogicalPlan& plan, const PlanNode& node) {
  std::string text;
  for (const PlanInput& input : node.inputs) {
    text += (text.empty() ? " <- " : ", ") + std::to_string(input.node.value);
    if (input.exchange.kind != Exchange::Kind::hash) continue;
    text += " hash" + list_text(input.exchange.keys, column_names(*plan.node(input.node).schema));
  }
  return text;
}

std::string mode_text(const ChangelogMode& mode, const std::vector<std::string>& names) {
  constexpr const char* kinds[] = {"append", "upsert", "retract"};
  const std::string kind = kinds[static_cast<size_t>(mode.kind)];
  return mode.kind == ChangelogMode::Kind::upsert ? kind + " by " + list_text(mode.key, names)
                                                  : kind;
}

std::string output_text(const PlanNode& node) {
  const std::vector<std::string> names = column_names(*node.schema);
  std::string text = mode_text(node.mode, names);
  for (const TimeColumn& time : node.time_columns) {
    text += ", time " + names[time.column] + " - " + duration_text(time.lag_us);
  }
  if (node.unique_key) text += ", unique " + list_text(*node.unique_key, names);
  if (node.distributed_by) text += ", in tasks by " + list_text(*node.distributed_by, names);
  return text + " (" + node.schema->to_string() + ")";
}

}  // namespace

std::string to_string(const LogicalPlan& plan) {
  std::string text;
  for (const PlanNode& node : plan.nodes) {
    text += std::to_string(node.id.value) + " " + node.owner + ": " +
            node.operation->text(NodeView(plan, node)) + inputs_text(plan, node) + "\n";
    if (!node.as<PlanSink>()) text += "    -> " + output_text(node) + "\n";
  }
  return text;
}

}  // namespace sluice
