// The OperatorDescription of one plan node: translates the plan's words into the operators'. Pure.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "compile/compile.hpp"
#include "dataflow/operator.hpp"
#include "plan/logical_plan.hpp"

namespace sluice {

// Of a node that is neither source nor sink.
Result<std::shared_ptr<const OperatorDescription>> make_operator(const LogicalPlan& plan,
                                                                 const PlanNode& node,
                                                                 const CompileRequest& request);

// Whether rows are folded before they cross the exchange to this node; then the local operator that
// does it comes before it.
bool preaggregates(const PlanNode& node, const CompileRequest& request);
std::shared_ptr<const OperatorDescription> make_local_operator(const LogicalPlan& plan,
                                                               const PlanNode& node,
                                                               const CompileRequest& request);

}  // namespace sluice
