// The targets of a StreamGraph with their sinks: how checkpoints know them, and how operations name
// a sink. The order of a target's sinks is that of the graph's nodes. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "checkpoint/checkpoint_coordinator.hpp"
#include "dataflow/stream_graph.hpp"
#include "env/environment.hpp"

namespace sluice {

// Their publishers are those of the connectors. The graph outlives them, and so does what the
// environment names.
std::vector<CheckpointTarget> checkpoint_targets(const StreamGraph& graph,
                                                 const Environment& environment);

// Where a sink node is among those of its target.
uint32_t sink_index(const StreamGraph& graph, const StreamNode& node);

}  // namespace sluice
