// Sinks of one pipeline that may write the same without being told to: their keys are made of
// different patterns, and a row of one may make the key of a row of the other.
#pragma once

#include "config/diagnostic.hpp"
#include "dataflow/stream_graph.hpp"
#include "spec/pipeline_spec.hpp"

namespace sluice {

// What one of the two writes, and what the other one does.
std::string meeting_text(const SoleUse& use, const std::string& other_use,
                         const std::string& other_sink);

// Warns of each such pair.
void warn_of_meeting_sinks(const StreamGraph& graph, const PipelineSpec& spec,
                           Diagnostics& diagnostics);

}  // namespace sluice
