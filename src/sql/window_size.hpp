// The durations of a window function: constants, checked against each other. One thread.
#pragma once

#include "sql/bind_state.hpp"
#include "sql/parse_node.hpp"

namespace sluice {

// Fills size, slide, offset and calendar days of `window` (whose kind is set) from the call's
// arguments after the time column. False after a problem has been reported.
bool bind_window_size(BindState& state, const ParseNode& call, Window& window);

}  // namespace sluice
