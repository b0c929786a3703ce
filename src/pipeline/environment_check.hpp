// check_environment: what `validate --env` finds out about the real topics, tables and servers of a
// planned pipeline. Asks the connectors; blocks on the network; every problem goes to Diagnostics.
#pragma once

#include "config/diagnostic.hpp"
#include "dataflow/stream_graph.hpp"
#include "pipeline/registry.hpp"
#include "spec/pipeline_spec.hpp"

namespace sluice {

void check_environment(const PipelineSpec& spec, const StreamGraph& graph, const Registry& registry,
                       const Environment& environment, Diagnostics& diagnostics);

}  // namespace sluice
