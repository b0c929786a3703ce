#include "pipeline/plan_description.hpp"

#include <set>

#include "plan/operations/sink.hpp"
#include "plan/operations/source.hpp"

namespace sluice {

namespace {

// Identities of the streams whose records reach a node, through other states too.
class Streams {
 public:
  explicit Streams(const LogicalPlan& plan) {
    for (const PlanNode& node : plan.nodes) {
      std::set<std::string>& own = of_node_.emplace_back();
      if (const auto* source = node.as<PlanSource>()) {
        own.insert(plan.scan_groups[source->scan_group].identity);
      }
      for (const PlanInput& input : node.inputs) {
        const std::set<std::string>& below = of_node_[input.node.value];
        own.insert(below.begin(), below.end());
      }
    }
  }

  std::vector<std::string> of(const PlanNode& node) const {
    const std::set<std::string>& streams = of_node_[node.id.value];
    return {streams.begin(), streams.end()};
  }

 private:
  std::vector<std::set<std::string>> of_node_;
};

std::string place_of(const StreamGraph& graph, const std::string& sink) {
  for (const StreamNode& node : graph.nodes) {
    const auto* vertex = std::get_if<SinkVertex>(&node.node);
    if (vertex && node.name == sink) return vertex->description->place();
  }
  return {};
}

}  // namespace

void describe_plan(const PreparedPipeline& prepared, CheckpointSettings& settings) {
  const PipelineSpec& spec = prepared.spec();
  const Streams streams(prepared.plan);
  for (const PlanNode& node : prepared.plan.nodes) {
    if (!node.state_id.empty()) {
      const std::string part = node.state_id.substr(node.owner.size() + 1);
      settings.plan.states[StreamGraph::state_id(node.owner, part)] = {node.lineage,
                                                                       streams.of(node)};
    } else if (node.as<PlanSink>()) {
      const SinkSpec& sink = *spec.find_sink(node.owner);
      settings.plan.sinks[node.owner] = {.from = sink.from,
                                         .target = sink.to.connection,
                                         .place = place_of(prepared.graph, node.owner),
                                         .key = sink.key,
                                         .lineage = node.lineage,
                                         .streams = streams.of(node)};
    }
  }
  for (const SourceInput& source : prepared.graph.sources) {
    settings.plan.starts[source.identity] = source.description->start();
  }
  for (const StepSpec& step : spec.steps) {
    if (!step.was.empty()) settings.former_names[step.name] = step.was;
  }
}

}  // namespace sluice
