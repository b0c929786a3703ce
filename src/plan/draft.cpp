#include "plan/draft.hpp"

#include <algorithm>

#include "plan/inference/infer.hpp"
#include "plan/operations/sink.hpp"

namespace sluice {

namespace {

// Depth-first from the sinks: a node is placed when all of its inputs are.
class Sorter {
 public:
  explicit Sorter(const LogicalPlan& from) : from_(from), new_id_(from.nodes.size(), unplaced) {}

  std::vector<PlanNode> run() {
    for (const PlanNode& node : from_.nodes) {
      if (node.as<PlanSink>()) place(node.id);
    }
    return std::move(sorted_);
  }

 private:
  static constexpr uint32_t unplaced = UINT32_MAX;

  void place(PlanNodeId id) {
    if (new_id_[id.value] != unplaced) return;
    PlanNode node = from_.node(id);
    for (PlanInput& input : node.inputs) {
      place(input.node);
      input.node = PlanNodeId(new_id_[input.node.value]);
    }
    node.id = PlanNodeId(static_cast<uint32_t>(sorted_.size()));
    new_id_[id.value] = node.id.value;
    sorted_.push_back(std::move(node));
  }

  const LogicalPlan& from_;
  std::vector<uint32_t> new_id_;
  std::vector<PlanNode> sorted_;
};

}  // namespace

PlanNodeId PlanDraft::add(PlanNode node) {
  node.id = PlanNodeId(static_cast<uint32_t>(plan_.nodes.size()));
  infer_node(plan_, node);
  plan_.nodes.push_back(std::move(node));
  return plan_.nodes.back().id;
}

PlanNode PlanDraft::reader_of(PlanNodeId input, Operation operation, SchemaPtr schema) const {
  const PlanNode& below = node(input);
  return {.owner = below.owner,
          .position = below.position,
          .inputs = {{input, {}}},
          .operation = std::move(operation),
          .on_error = below.on_error,
          .schema = std::move(schema)};
}

std::vector<PlanNodeId> PlanDraft::readers(PlanNodeId id) const {
  std::vector<PlanNodeId> readers;
  for (const PlanNode& node : plan_.nodes) {
    for (const PlanInput& input : node.inputs) {
      if (input.node == id) readers.push_back(node.id);
    }
  }
  return readers;
}

void PlanDraft::redirect_readers(PlanNodeId from, PlanNodeId to) {
  for (PlanNode& node : plan_.nodes) {
    if (node.id == to) continue;
    for (PlanInput& input : node.inputs) {
      if (input.node == from) input.node = to;
    }
  }
}

void PlanDraft::infer() {
  for (PlanNode& node : plan_.nodes) infer_node(plan_, node);
}

void PlanDraft::sort() { plan_.nodes = Sorter(plan_).run(); }

}  // namespace sluice
