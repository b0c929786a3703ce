#include "cli/graph_text.hpp"

#include <algorithm>

namespace sluice {

namespace {

struct Drawn {
  const StreamGraph& graph;

  std::string operator()(const ScanVertex& vertex) const {
    return "source " + graph.sources[vertex.source_input].identity;
  }
  std::string operator()(const OperatorVertex& vertex) const { return vertex.description->label(); }
  std::string operator()(const SinkVertex& vertex) const {
    return "sink to " + graph.targets[vertex.target].name;
  }
};

std::string label_of(const StreamGraph& graph, const StreamNode& node) {
  return node.name + ": " + std::visit(Drawn{graph}, node.node);
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '"' ? std::string("'") : std::string(1, c);
  return result;
}

std::string keys_of(const StreamGraph& graph, const StreamEdge& edge) {
  std::string keys;
  const Schema& schema = *graph.nodes[edge.from.value].schema;
  for (const size_t column : edge.hash_columns) {
    keys += (keys.empty() ? "" : ", ") + schema[column].name;
  }
  return "hash(" + keys + ")";
}

// What stands on an edge: nothing where one operator calls the next.
std::string edge_label(const StreamGraph& graph, const ExecutionGraph& tasks,
                       const StreamNode& node, const StreamEdge& edge) {
  const size_t from = tasks.fragment_of[edge.from.value];
  if (from == tasks.fragment_of[node.id.value]) return {};
  return edge.distribution == StreamEdge::Distribution::hash ? keys_of(graph, edge) : "forward";
}

std::string task_title(const ExecutionGraph& tasks, size_t fragment) {
  const std::string title = "task " + std::to_string(fragment);
  if (tasks.parallelism == 1) return title;
  return title + ", in each of " + std::to_string(tasks.parallelism) + " slots";
}

// As in the plan; a local half has the number of the aggregate behind it, and a letter.
std::string number_of(const StreamGraph& graph, NodeId id) {
  const auto end = graph.nodes.begin() + id.value;
  const auto of_plan = std::count_if(graph.nodes.begin(), end,
                                     [](const StreamNode& node) { return !node.is_local_half; });
  return std::to_string(of_plan) + (graph.nodes[id.value].is_local_half ? "a" : "");
}

std::string node_id(const StreamGraph& graph, NodeId id) { return "n" + number_of(graph, id); }

}  // namespace

std::string tasks_as_text(const StreamGraph& graph, const ExecutionGraph& tasks) {
  std::string text;
  for (size_t i = 0; i < tasks.fragments.size(); ++i) {
    text += task_title(tasks, i) + "\n";
    for (const NodeId id : tasks.fragments[i].nodes) {
      const StreamNode& node = graph.nodes[id.value];
      text += "  " + number_of(graph, id) + " " + label_of(graph, node);
      for (const StreamEdge& edge : node.inputs) {
        const std::string label = edge_label(graph, tasks, node, edge);
        text += (&edge == &node.inputs.front() ? " <- " : ", ") + number_of(graph, edge.from) +
                (label.empty() ? "" : " by " + label);
      }
      text += "\n";
    }
  }
  if (graph.dead_letter_sink) {
    text += "every task\n  " + number_of(graph, *graph.dead_letter_sink) + " " +
            label_of(graph, graph.nodes[graph.dead_letter_sink->value]) + " <- dead letters\n";
  }
  return text;
}

std::string tasks_as_dot(const StreamGraph& graph, const ExecutionGraph& tasks) {
  std::string text = "digraph \"" + graph.pipeline + "\" {\n  rankdir=LR;\n  node [shape=box];\n";
  for (size_t i = 0; i < tasks.fragments.size(); ++i) {
    text += "  subgraph cluster_" + std::to_string(i) + " {\n    label=\"" + task_title(tasks, i) +
            "\";\n";
    for (const NodeId id : tasks.fragments[i].nodes) {
      text += "    " + node_id(graph, id) + " [label=\"" +
              escaped(label_of(graph, graph.nodes[id.value])) + "\"];\n";
    }
    text += "  }\n";
  }
  for (const StreamNode& node : graph.nodes) {
    if (graph.dead_letter_sink == node.id) continue;
    for (const StreamEdge& edge : node.inputs) {
      const std::string label = edge_label(graph, tasks, node, edge);
      text += "  " + node_id(graph, edge.from) + " -> " + node_id(graph, node.id) +
              (label.empty() ? "" : " [label=\"" + escaped(label) + "\"]") + ";\n";
    }
  }
  return text + "}\n";
}

std::string tasks_as_mermaid(const StreamGraph& graph, const ExecutionGraph& tasks) {
  std::string text = "flowchart LR\n";
  for (size_t i = 0; i < tasks.fragments.size(); ++i) {
    text += "  subgraph t" + std::to_string(i) + "[\"" + task_title(tasks, i) + "\"]\n";
    for (const NodeId id : tasks.fragments[i].nodes) {
      text += "    " + node_id(graph, id) + "[\"" +
              escaped(label_of(graph, graph.nodes[id.value])) + "\"]\n";
    }
    text += "  end\n";
  }
  for (const StreamNode& node : graph.nodes) {
    if (graph.dead_letter_sink == node.id) continue;
    for (const StreamEdge& edge : node.inputs) {
      const std::string label = edge_label(graph, tasks, node, edge);
      text += "  " + node_id(graph, edge.from) +
              (label.empty() ? " --> " : " -->|\"" + escaped(label) + "\"| ") +
              node_id(graph, node.id) + "\n";
    }
  }
  return text;
}

}  // namespace sluice
