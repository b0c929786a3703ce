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

}  // namespace sluice
