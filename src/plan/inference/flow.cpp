#include "plan/inference/flow.hpp"

#include <algorithm>

#include "base/checksum.hpp"
#include "plan/conjuncts.hpp"
#include "plan/logical_plan.hpp"

namespace sluice {

namespace {

using Kind = ChangelogMode::Kind;

// Corrections only ever come for a row again; all other upserts may also delete.
bool meets_changes(const LogicalPlan& plan, const PlanNode& node, const Flow& flow) {
  if (node.mode.kind != Kind::upsert) return node.mode.kind == Kind::retract;
  const bool only_corrects =
      flow.sources.empty() &&
      std::all_of(flow.states.begin(), flow.states.end(), [&plan](PlanNodeId state) {
        return plan.node(state).operation->only_corrects();
      });
  return !only_corrects;
}

Flow flow_of_state(const PlanNode& node) {
  Flow flow;
  flow.states.insert(node.id);
  for (const Field& field : node.schema->fields()) flow.columns.push_back({field.name, {}});
  return flow;
}

}  // namespace

size_t FlowView::inputs() const { return node_.inputs.size(); }

const Flow& FlowView::input(size_t port) const { return flows_[node_.inputs[port].node.value]; }

bool FlowView::input_meets_changes() const {
  return meets_changes(plan_, plan_.node(node_.inputs.front().node), input(0));
}

namespace {

// What is computed of what is computed may double with each step: very long texts are told apart by
// their checksums.
std::string shortened(std::string text) {
  constexpr size_t most_bytes = 64 * 1024;
  if (text.size() <= most_bytes) return text;
  return "expression " + std::to_string(checksum(text)) + " of " + std::to_string(text.size()) +
         " bytes";
}

}  // namespace

FlowTerm term_of(const Expression& expression, const std::vector<FlowTerm>& below) {
  FlowTerm term{shortened(to_string(expression, texts_of(below))), {}};
  for (const size_t column : columns_of(expression)) {
    term.reads.insert(below[column].reads.begin(), below[column].reads.end());
  }
  return term;
}

void add_filters(const ExpressionPtr& predicate, const std::vector<FlowTerm>& columns,
                 bool meets_changes, Flow& flow) {
  for (const ExpressionPtr& conjunct : split_conjuncts(predicate)) {
    flow.filters.push_back({term_of(*conjunct, columns), meets_changes});
  }
}

std::vector<std::string> texts_of(const std::vector<FlowTerm>& terms) {
  std::vector<std::string> texts;
  for (const FlowTerm& term : terms) texts.push_back(term.text);
  return texts;
}

std::vector<Flow> flows_of(const LogicalPlan& plan) {
  std::vector<Flow> flows;
  for (const PlanNode& node : plan.nodes) {
    flows.push_back(node.operation->keeps_state()
                        ? flow_of_state(node)
                        : node.operation->flow(FlowView(plan, node, flows)));
  }
  return flows;
}

}  // namespace sluice
