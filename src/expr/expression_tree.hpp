// Walking and rebuilding of Expression trees, whatever the node. Pure functions; any thread.
#pragma once

#include <functional>
#include <vector>

#include "expr/expression.hpp"

namespace sluice {

// Direct operands in the order of the text; of CASE: condition, result, condition, result, …, then
// ELSE when there is one.
std::vector<const Expression*> children_of(const Expression& expression);
// Whether some row may make its evaluation fail.
bool may_fail(const Expression& expression);

// The same node over other operands; the original itself when none changes.
ExpressionPtr with_children(const ExpressionPtr& expression,
                            const std::function<ExpressionPtr(const ExpressionPtr&)>& change);

}  // namespace sluice
