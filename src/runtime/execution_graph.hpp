// ExecutionGraph: a StreamGraph cut into fragments: the nodes that one task runs by calling each
// other. Pure; any thread.
//
// A fragment ends where rows change tasks: at hash edges (with parallelism 1 there are none) and
// where a branch meets one that has crossed such an edge. Every channel leads from a lower level to
// a higher one, so that barriers cannot wait for themselves. Each fragment becomes one task in
// every slot.
#pragma once

#include <cstdint>
#include <vector>

#include "dataflow/stream_graph.hpp"

namespace sluice {

// An edge between fragments: one channel per pair of slots (hash) or per slot (forward).
struct ExchangeEdge {
  NodeId from;
  NodeId to;
  size_t port = 0;  // index among `to`'s inputs
  bool is_hash = false;
};

struct Fragment {
  std::vector<NodeId> nodes;          // inputs first
  std::vector<size_t> source_inputs;  // indexes into StreamGraph::sources
  uint32_t level = 0;
};

struct ExecutionGraph {
  uint32_t parallelism = 1;
  std::vector<Fragment> fragments;  // lower levels first
  std::vector<size_t> fragment_of;  // by node
  std::vector<ExchangeEdge> exchanges;
};

// The dead-letter sink belongs to no fragment: every task has one of its own.
ExecutionGraph make_execution_graph(const StreamGraph& graph, uint32_t parallelism);

}  // namespace sluice
