// Walking and rebuilding of Expression trees, whatever the node. Pure functions; any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "expr/expression.hpp"

namespace sluice {

// Direct operands in the order of the text; of CASE: condition, result, condition, result, …, then
// ELSE when there is one.
std::vector<const Expression*> children_of(const Expression& expression);
// Sizes of trees: a sum that stays at its end, where sharing makes them astronomical.
inline uint64_t added_sizes(uint64_t left, uint64_t right) {
  constexpr uint64_t most = UINT64_MAX / 2;
  return std::min(most, left + std::min(most, right));
}
// Adds to each column's count how often the expression reads it.
void count_reads(const Expression& expression, std::vector<size_t>& reads);
// Whether some row may make its evaluation fail.
bool may_fail(const Expression& expression);

// The same node over other operands; the original itself when none changes.
ExpressionPtr with_children(const ExpressionPtr& expression,
                            const std::function<ExpressionPtr(const ExpressionPtr&)>& change);

}  // namespace sluice
