#include "runtime/graph_targets.hpp"

#include <algorithm>

namespace sluice {

namespace {

std::vector<NodeId> sinks_of(const StreamGraph& graph, size_t target) {
  std::vector<NodeId> sinks;
  for (const StreamNode& node : graph.nodes) {
    const auto* sink = std::get_if<SinkVertex>(&node.node);
    if (sink != nullptr && sink->target == target) sinks.push_back(node.id);
  }
  return sinks;
}

}  // namespace

std::vector<CheckpointTarget> checkpoint_targets(const StreamGraph& graph,
                                                 const Environment& environment) {
  std::vector<CheckpointTarget> targets;
  for (size_t i = 0; i < graph.targets.size(); ++i) {
    const TargetNode& node = graph.targets[i];
    CheckpointTarget& target = targets.emplace_back();
    target.name = node.name;
    target.make_publisher = [environment, &node](const PublisherIds& ids) {
      return node.connector->make_publisher({environment, &node.connection, ids});
    };
    for (const NodeId id : sinks_of(graph, i)) {
      const StreamNode& sink = graph.nodes[id.value];
      target.sinks.push_back(
          {.name = sink.name,
           .definition = std::get<SinkVertex>(sink.node).description->definition(),
           .takes_dead_letters = graph.dead_letter_sink == id});
    }
  }
  return targets;
}

uint32_t sink_index(const StreamGraph& graph, const StreamNode& node) {
  const std::vector<NodeId> sinks = sinks_of(graph, std::get<SinkVertex>(node.node).target);
  return static_cast<uint32_t>(std::find(sinks.begin(), sinks.end(), node.id) - sinks.begin());
}

}  // namespace sluice
