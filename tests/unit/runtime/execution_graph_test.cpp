#include "runtime/execution_graph.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

// Builds graphs of scans and sinks: their contents do not matter for how tasks are cut.
class GraphBuilder {
 public:
  NodeId scan(size_t source) {
    ScanVertex vertex;
    vertex.source_input = source;
    return add(vertex, {});
  }
  NodeId node(std::vector<std::pair<NodeId, StreamEdge::Distribution>> inputs) {
    std::vector<StreamEdge> edges;
    for (const auto& [from, distribution] : inputs) edges.push_back({from, distribution, {}});
    return add(OperatorVertex{}, std::move(edges));
  }
  StreamGraph graph;

 private:
  NodeId add(std::variant<ScanVertex, OperatorVertex, SinkVertex> vertex,
             std::vector<StreamEdge> edges) {
    StreamNode node;
    node.id = NodeId(static_cast<uint32_t>(graph.nodes.size()));
    node.node = std::move(vertex);
    node.inputs = std::move(edges);
    graph.nodes.push_back(std::move(node));
    return graph.nodes.back().id;
  }
};

constexpr auto forward = StreamEdge::Distribution::forward;
constexpr auto hash = StreamEdge::Distribution::hash;

TEST(ExecutionGraph, IsOneTaskWithoutChannelsAtParallelismOne) {
  GraphBuilder builder;
  const NodeId left = builder.scan(0);
  const NodeId right = builder.scan(1);
  builder.node({{left, hash}, {right, hash}});
  const ExecutionGraph plan = make_execution_graph(builder.graph, 1);
  EXPECT_EQ(plan.fragments.size(), 1);
  EXPECT_TRUE(plan.exchanges.empty());
}

TEST(ExecutionGraph, CutsAtHashEdges) {
  GraphBuilder builder;
  const NodeId scan = builder.scan(0);
  const NodeId filter = builder.node({{scan, forward}});
  const NodeId aggregate = builder.node({{filter, hash}});
  const ExecutionGraph plan = make_execution_graph(builder.graph, 2);
  EXPECT_EQ(plan.fragments.size(), 2);
  EXPECT_EQ(plan.fragment_of[scan.value], plan.fragment_of[filter.value]);
  EXPECT_NE(plan.fragment_of[filter.value], plan.fragment_of[aggregate.value]);
  ASSERT_EQ(plan.exchanges.size(), 1);
  EXPECT_TRUE(plan.exchanges[0].is_hash);
}

TEST(ExecutionGraph, KeepsScansOfOneSourceInOneTask) {
  GraphBuilder builder;
  const NodeId first = builder.scan(0);
  const NodeId second = builder.scan(0);
  builder.node({{first, hash}});
  builder.node({{second, hash}});
  const ExecutionGraph plan = make_execution_graph(builder.graph, 2);
  EXPECT_EQ(plan.fragment_of[first.value], plan.fragment_of[second.value]);
  EXPECT_EQ(plan.fragments[plan.fragment_of[first.value]].source_inputs, std::vector<size_t>{0});
}

TEST(ExecutionGraph, LeadsEveryChannelToAHigherLevel) {
  GraphBuilder builder;
  const NodeId scan = builder.scan(0);
  const NodeId aggregate = builder.node({{scan, hash}});
  builder.node({{aggregate, forward}, {scan, forward}});
  const ExecutionGraph plan = make_execution_graph(builder.graph, 2);
  for (const ExchangeEdge& exchange : plan.exchanges) {
    const uint32_t from = plan.fragments[plan.fragment_of[exchange.from.value]].level;
    const uint32_t to = plan.fragments[plan.fragment_of[exchange.to.value]].level;
    EXPECT_LT(from, to);
  }
  EXPECT_EQ(plan.exchanges.size(), 2);
}

}  // namespace
}  // namespace sluice
