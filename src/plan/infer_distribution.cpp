// How rows reach the tasks of a node, and what is known of where they are afterwards.
#include <algorithm>

#include "plan/infer.hpp"

namespace sluice {

namespace {

using Columns = std::vector<size_t>;

class DistributionInference {
 public:
  DistributionInference(const LogicalPlan& plan, PlanNode& node) : plan_(plan), node_(node) {}

  void operator()(PlanSource&) {}
  void operator()(PlanChangelogDedup& dedup) {
    gather(0, dedup.key);
    node_.distributed_by = dedup.key;
  }
  void operator()(PlanProject& project) {
    forward(0);
    const auto& below = input(0).distributed_by;
    if (below) node_.distributed_by = columns_after(project, *below);
  }
  void operator()(PlanIntervalJoin& join) {
    gather(0, join.left.keys);
    gather(1, join.right.keys);
    node_.distributed_by = join.left.keys;
  }
  void operator()(PlanLookupJoin& join) {
    if (!join.keeps_rows) return pass_on();
    gather(0, join.state_key);
    node_.distributed_by = join.state_key;
  }
  void operator()(PlanWindowAggregate& aggregate) {
    Columns from;
    Columns to;
    for (size_t i = 0; i < aggregate.keys.size(); ++i) {
      if (aggregate.keys[i].role != PlanWindowKey::Role::column) continue;
      from.push_back(aggregate.keys[i].column);
      to.push_back(i);
    }
    gather(0, from);
    node_.distributed_by = to;
  }
  void operator()(PlanGroupAggregate& aggregate) {
    gather(0, aggregate.keys);
    Columns to;
    for (size_t i = 0; i < aggregate.keys.size(); ++i) to.push_back(i);
    node_.distributed_by = to;
  }
  void operator()(PlanUnion&) {
    for (size_t i = 0; i < node_.inputs.size(); ++i) forward(i);
    node_.distributed_by = input(0).distributed_by;
    for (size_t i = 1; i < node_.inputs.size(); ++i) {
      if (input(i).distributed_by != node_.distributed_by) node_.distributed_by.reset();
    }
  }
  // All rows of a key must meet in one task to be netted; it has no state, so that any hash of
  // columns within the key will do.
  void operator()(PlanSink& sink) {
    const auto& below = input(0).distributed_by;
    const bool is_placed =
        below && std::all_of(below->begin(), below->end(), [&](size_t column) {
          return std::find(sink.key.begin(), sink.key.end(), column) != sink.key.end();
        });
    if (sink.mode != SinkMode::upsert || is_placed) return pass_on();
    gather(0, sink.key);
    node_.distributed_by = sink.key;
  }
  template <class Operation>
  void operator()(Operation&) {
    pass_on();
  }

 private:
  const PlanNode& input(size_t index) const { return plan_.node(node_.inputs[index].node); }

  void forward(size_t index) { node_.inputs[index].exchange = {}; }
  void pass_on() {
    forward(0);
    node_.distributed_by = input(0).distributed_by;
  }
  // State is found again by the hash of exactly these columns, in this order.
  void gather(size_t index, const Columns& keys) {
    if (input(index).distributed_by == keys) return forward(index);
    node_.inputs[index].exchange = {Exchange::Kind::hash, keys};
  }

  const LogicalPlan& plan_;
  PlanNode& node_;
};

}  // namespace

void infer_distribution(const LogicalPlan& plan, PlanNode& node) {
  node.distributed_by.reset();
  std::visit(DistributionInference(plan, node), node.operation);
}

}  // namespace sluice
