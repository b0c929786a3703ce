#include "runtime/execution_graph.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace sluice {

namespace {

// Union-find over node indexes.
class Groups {
 public:
  explicit Groups(size_t size) : parent_(size) {
    std::iota(parent_.begin(), parent_.end(), size_t{0});
  }
  size_t find(size_t index) {
    while (parent_[index] != index) index = parent_[index] = parent_[parent_[index]];
    return index;
  }
  void join(size_t left, size_t right) { parent_[find(right)] = find(left); }

 private:
  std::vector<size_t> parent_;
};

bool crosses_tasks(const StreamEdge& edge, uint32_t parallelism) {
  return parallelism > 1 && edge.distribution == StreamEdge::Distribution::hash;
}

std::vector<uint32_t> levels_of(const StreamGraph& graph, uint32_t parallelism) {
  std::vector<uint32_t> levels(graph.nodes.size(), 0);
  for (const StreamNode& node : graph.nodes) {
    uint32_t& level = levels[node.id.value];
    for (const StreamEdge& edge : node.inputs) {
      level = std::max(level, levels[edge.from.value] + (crosses_tasks(edge, parallelism) ? 1 : 0));
    }
  }
  return levels;
}

Groups group_nodes(const StreamGraph& graph, const std::vector<uint32_t>& levels) {
  Groups groups(graph.nodes.size());
  std::map<size_t, size_t> scan_of_source;
  for (const StreamNode& node : graph.nodes) {
    const size_t index = node.id.value;
    if (const auto* scan = std::get_if<ScanVertex>(&node.node)) {
      const auto [first, is_new] = scan_of_source.emplace(scan->source_input, index);
      if (!is_new) groups.join(first->second, index);
    }
    for (const StreamEdge& edge : node.inputs) {
      if (levels[edge.from.value] == levels[index]) groups.join(edge.from.value, index);
    }
  }
  return groups;
}

void add_to_fragment(Fragment& fragment, const StreamNode& node) {
  fragment.nodes.push_back(node.id);
  const auto* scan = std::get_if<ScanVertex>(&node.node);
  if (scan == nullptr) return;
  std::vector<size_t>& sources = fragment.source_inputs;
  if (std::find(sources.begin(), sources.end(), scan->source_input) == sources.end()) {
    sources.push_back(scan->source_input);
  }
}

}  // namespace

ExecutionGraph make_execution_graph(const StreamGraph& graph, uint32_t parallelism) {
  const std::vector<uint32_t> levels = levels_of(graph, parallelism);
  Groups groups = group_nodes(graph, levels);
  ExecutionGraph result;
  result.parallelism = parallelism;
  result.fragment_of.assign(graph.nodes.size(), SIZE_MAX);
  std::map<std::pair<uint32_t, size_t>, std::vector<const StreamNode*>> members;
  for (const StreamNode& node : graph.nodes) {
    if (graph.dead_letter_sink == node.id) continue;
    members[{levels[node.id.value], groups.find(node.id.value)}].push_back(&node);
  }
  for (const auto& [key, nodes] : members) {
    Fragment fragment;
    fragment.level = key.first;
    for (const StreamNode* node : nodes) {
      add_to_fragment(fragment, *node);
      result.fragment_of[node->id.value] = result.fragments.size();
    }
    result.fragments.push_back(std::move(fragment));
  }
  for (const StreamNode& node : graph.nodes) {
    for (size_t port = 0; port < node.inputs.size(); ++port) {
      const StreamEdge& edge = node.inputs[port];
      if (levels[edge.from.value] == levels[node.id.value]) continue;
      result.exchanges.push_back({edge.from, node.id, port, crosses_tasks(edge, parallelism)});
    }
  }
  return result;
}

}  // namespace sluice
