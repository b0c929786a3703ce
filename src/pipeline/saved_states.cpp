#include "pipeline/saved_states.hpp"

namespace sluice {

void describe_states(const PreparedPipeline& prepared, CheckpointSettings& settings) {
  for (const StreamNode& node : prepared.graph.nodes) {
    if (node.state_fingerprint.empty()) continue;
    const std::string id = StreamGraph::state_id(node);
    // Days, and times that name no zone, are others in another zone.
    const std::string fingerprint = node.state_fingerprint + zone_mark + prepared.zone.name();
    settings.state_fingerprints[id] = fingerprint;
    settings.fingerprint += id + "=" + fingerprint + "\n";
    const StepSpec* step = prepared.spec().find_step(node.name);
    if (step == nullptr || step->was.empty()) continue;
    settings.former_state_ids[id] = StreamGraph::state_id(step->was, node.part);
  }
}

}  // namespace sluice
