// Operators of SQL to Expressions: + and its like, LIKE, BETWEEN, IN, IS DISTINCT FROM, NULLIF.
#pragma once

#include "sql/expression_binder.hpp"

namespace sluice {

Bound bind_operator(ExpressionBinder& binder, const ParseNode& node);

// `left operation right`, both bound; reported at `position` when the types do not fit.
Bound resolve_infix(ExpressionBinder& binder, std::string_view operation, const Bound& left,
                    const Bound& right, uint32_t position);

}  // namespace sluice
