// CASE, COALESCE, GREATEST and LEAST to Expressions.
#pragma once

#include "sql/expression_binder.hpp"

namespace sluice {

Bound bind_case(ExpressionBinder& binder, const ParseNode& node);
Bound bind_coalesce(ExpressionBinder& binder, const ParseNode& node);
Bound bind_greatest_least(ExpressionBinder& binder, const ParseNode& node);

// Brings all to their common type; false after a problem has been reported at `position`.
bool unify(ExpressionBinder& binder, std::vector<Bound>& values, uint32_t position);

}  // namespace sluice
