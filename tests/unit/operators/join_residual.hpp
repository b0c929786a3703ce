// The residual of a join's cases, over `k, ts, v` of each side. Pure.
#pragma once

#include "expr/function_registry.hpp"
#include "unit/operators/operator_script.hpp"

namespace sluice::test {

// left.v < right.v, or whatever is between them; or left.v / right.v < left.v.
inline ExpressionPtr residual_of(const OperatorScript& script, const FunctionRegistry& functions) {
  const Type integer{TypeKind::integer};
  const auto infix = [&](const std::string& name, const ExpressionPtr& left,
                         const ExpressionPtr& right) {
    return functions.resolve(FunctionForm::infix, name, {left, right}, {false, false}, 0).value();
  };
  const ExpressionPtr left = column_reference(2, integer);
  const ExpressionPtr right = column_reference(5, integer);
  if (script.has("residual")) return infix(script.setting("residual"), left, right);
  if (!script.has("residual_divides")) return nullptr;
  return infix("<", infix("/", left, right), left);
}

}  // namespace sluice::test
