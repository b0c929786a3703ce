// Calls of aggregates: their arguments, DISTINCT, ORDER BY and FILTER.
#pragma once

#include <string>

#include "sql/expression_binder.hpp"

namespace sluice {

// `name`: of an aggregate function in the registry. The column that stands for the call in
// `binder.aggregates()`.
Bound bind_aggregate(ExpressionBinder& binder, const ParseNode& node, const std::string& name);

}  // namespace sluice
