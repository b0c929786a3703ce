// Calls of functions and aggregates to Expressions, and SQL's keywords that are calls.
#pragma once

#include "sql/expression_binder.hpp"

namespace sluice {

Bound bind_function(ExpressionBinder& binder, const ParseNode& node);
// CURRENT_TIMESTAMP, CURRENT_DATE and the like.
Bound bind_value_function(ExpressionBinder& binder, const ParseNode& node);

}  // namespace sluice
