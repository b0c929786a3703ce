// Calls that PostgreSQL or other stream processors know and that are not supported: recognised by
// name, so that the message can say what to use instead.
#pragma once

#include <string_view>

#include "sql/bind_state.hpp"
#include "sql/parse_node.hpp"

namespace sluice {

// True after the problem has been reported. `node`: a FuncCall in an expression.
bool report_unsupported_call(BindState& state, const ParseNode& node, std::string_view name);
// The same for an operator.
bool report_unsupported_operator(BindState& state, std::string_view operation, uint32_t position);
// The same for a table function in FROM: SESSION, TUMBLE_ROWS, as_of, unnest, …
bool report_unsupported_table(BindState& state, const ParseNode& node, std::string_view name);

}  // namespace sluice
