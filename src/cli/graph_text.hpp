// The drawings of `sluice graph`: a pipeline's nodes, cut into the tasks that run in every slot, as
// text, Graphviz or Mermaid. Pure; any thread.
#pragma once

#include <string>

#include "dataflow/stream_graph.hpp"
#include "runtime/execution_graph.hpp"

namespace sluice {

std::string tasks_as_text(const StreamGraph& graph, const ExecutionGraph& tasks);
std::string tasks_as_dot(const StreamGraph& graph, const ExecutionGraph& tasks);
std::string tasks_as_mermaid(const StreamGraph& graph, const ExecutionGraph& tasks);

}  // namespace sluice
