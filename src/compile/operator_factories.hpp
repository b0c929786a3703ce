// OperatorFactories: how each kind of operation of a plan becomes an OperatorDescription:
// translates the plan's words into the operators'. One file per kind in compile/operations; their
// list is made by CMake. Filled once, then immutable; any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "compile/compile.hpp"
#include "dataflow/operator.hpp"
#include "operators/row_errors.hpp"
#include "plan/logical_plan.hpp"

namespace sluice {

using OperatorDescriptionPtr = std::shared_ptr<const OperatorDescription>;

// A node that becomes an operator, and what it needs from outside the plan. Borrows all of it.
struct NodeToCompile {
  const LogicalPlan& plan;
  const PlanNode& node;
  const CompileRequest& request;

  StepPolicy policy() const { return {node.owner, node.on_error}; }
  SchemaPtr input_schema(size_t port = 0) const { return plan.node(node.inputs[port].node).schema; }
  // Whether rows are folded before they cross the exchange to this node; then the local operator
  // that does it comes before it.
  bool preaggregates() const { return request.parallelism > 1 && node.local_preaggregation; }
};

class OperatorFactories {
 public:
  OperatorFactories();  // of all kinds but sources and sinks, which are no operators

  // For the registrations.
  template <class T>
  void add(Result<OperatorDescriptionPtr> (*make)(const T&, const NodeToCompile&)) {
    makers_[std::string(T::name)] = [make](const NodeToCompile& node) {
      return make(*node.node.as<T>(), node);
    };
  }
  // Of a kind that merges partials.
  template <class T>
  void add_local(OperatorDescriptionPtr (*make)(const T&, const NodeToCompile&)) {
    local_makers_[std::string(T::name)] = [make](const NodeToCompile& node) {
      return make(*node.node.as<T>(), node);
    };
  }

  Result<OperatorDescriptionPtr> make(const NodeToCompile& node) const;
  // What folds rows before they cross the exchange to the node.
  OperatorDescriptionPtr make_local(const NodeToCompile& node) const;

 private:
  template <class T>
  using Makers = std::map<std::string, std::function<T(const NodeToCompile&)>, std::less<>>;

  Makers<Result<OperatorDescriptionPtr>> makers_;
  Makers<OperatorDescriptionPtr> local_makers_;
};

// Generated: registers every kind.
void register_operator_factories(OperatorFactories& factories);

}  // namespace sluice
