// PlanDraft: the graph of a plan while it is composed and rewritten. Nodes may stand in any order
// and some may have no reader; finish() puts that right. Node ids stay valid until then. Owned by
// build_plan; one thread.
#pragma once

#include <vector>

#include "plan/logical_plan.hpp"

namespace sluice {

class PlanDraft {
 public:
  // Adds a node and infers what leaves it from its inputs.
  PlanNodeId add(PlanNode node);
  // A node of the same owner and place as another one, which it reads.
  PlanNode reader_of(PlanNodeId input, Operation operation, SchemaPtr schema) const;

  PlanNode& node(PlanNodeId id) { return plan_.nodes[id.value]; }
  const PlanNode& node(PlanNodeId id) const { return plan_.nodes[id.value]; }
  size_t size() const { return plan_.nodes.size(); }
  const LogicalPlan& plan() const { return plan_; }
  LogicalPlan& plan() { return plan_; }

  std::vector<PlanNodeId> readers(PlanNodeId id) const;
  // All readers of `from`, but `to` itself, read `to`.
  void redirect_readers(PlanNodeId from, PlanNodeId to);
  // Infers all nodes again, inputs first.
  void infer();
  // Leaves only what sinks reach, inputs before readers.
  void sort();

 private:
  LogicalPlan plan_;
};

}  // namespace sluice
