// NodeView: a node and what leaves its inputs, as its operation sees it. Borrows the plan.
#pragma once

#include <string>
#include <vector>

#include "plan/logical_plan.hpp"

namespace sluice {

class NodeView {
 public:
  NodeView(const LogicalPlan& plan, const PlanNode& node) : plan_(plan), node_(node) {}

  const LogicalPlan& plan() const { return plan_; }
  const PlanNode& node() const { return node_; }
  const Schema& schema() const { return *node_.schema; }
  size_t inputs() const { return node_.inputs.size(); }
  const PlanNode& input(size_t port = 0) const { return plan_.node(node_.inputs[port].node); }
  size_t input_columns(size_t port = 0) const { return input(port).schema->size(); }
  // The names of an input's columns, and of the node's own.
  std::vector<std::string> names(size_t port = 0) const;
  std::vector<std::string> own_names() const;

 private:
  const LogicalPlan& plan_;
  const PlanNode& node_;
};

}  // namespace sluice
