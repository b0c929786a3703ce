// Calls of aggregates: their arguments, DISTINCT and FILTER.
#pragma once

#include <span>
#include <string_view>

#include <string_view>

#include "sql/expression_binder.hpp"

namespace sluice {

// Whether a function of this name aggregates (one that is supported).
bool is_aggregate(std::string_view name);
std::span<const std::string_view> known_aggregates();
// The column that stands for the call in `binder.aggregates()`.
Bound bind_aggregate(ExpressionBinder& binder, const ParseNode& node, const std::string& name);

}  // namespace sluice
