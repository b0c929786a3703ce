// Constants, casts and type names of SQL to Expressions.
#pragma once

#include <optional>

#include "sql/expression_binder.hpp"

namespace sluice {

// 1, 1.5, 'text', true, NULL.
Bound bind_constant(ExpressionBinder& binder, const ParseNode& node);
// x::type, CAST(x AS type), DATE '…', INTERVAL '…' MINUTE.
Bound bind_cast(ExpressionBinder& binder, const ParseNode& node);

}  // namespace sluice
