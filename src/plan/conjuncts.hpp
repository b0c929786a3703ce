// Predicates as lists of conjuncts, and what one may know of an expression before moving it. Pure.
#pragma once

#include <vector>

#include "expr/expression.hpp"

namespace sluice {

using Conjuncts = std::vector<ExpressionPtr>;

// The operands of nested ANDs, in the order of evaluation.
Conjuncts split_conjuncts(const ExpressionPtr& predicate);
// Their AND; null for none.
ExpressionPtr combine_conjuncts(Conjuncts conjuncts);

// True when every column the expression reads is in [begin, end).
bool reads_only(const Expression& expression, size_t begin, size_t end);
// The expression with every column moved by `shift`.
ExpressionPtr shift_columns(const ExpressionPtr& expression, ptrdiff_t shift, size_t columns);
// Constant parts computed now; those that fail stay, to fail on rows.
ExpressionPtr fold_constants(const ExpressionPtr& expression, const TimeZone& zone);
bool is_true(const Expression& expression);

}  // namespace sluice
