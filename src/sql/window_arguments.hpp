// What stands behind the relation and the time column of a window function: its durations, which
// are constants, and the columns that tell windows apart. One thread.
#pragma once

#include <optional>

#include "sql/bind_state.hpp"
#include "sql/parse_node.hpp"

namespace sluice {

// Whether the call has as many arguments as the function takes, the optional ones by their names
// and all others by position. False after a problem has been reported.
bool check_window_arguments(BindState& state, const ParseNode& call,
                            const WindowFunction& function);

// Null after a problem has been reported.
WindowPtr bind_window(BindState& state, const ParseNode& call, const WindowFunction& function);

// The columns of partition_by, empty without it. None after a problem has been reported.
std::optional<std::vector<size_t>> bind_partition(BindState& state, const ParseNode& call,
                                                  const Schema& input);

}  // namespace sluice
