// Type names of SQL to Types.
#pragma once

#include <optional>

#include "sql/bind_state.hpp"
#include "sql/parse_node.hpp"

namespace sluice {

// A TypeName node; none after the problem has been reported, at its own place or at `fallback`.
std::optional<Type> bind_type(BindState& state, const ParseNode& node, uint32_t fallback);

}  // namespace sluice
