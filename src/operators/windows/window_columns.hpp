// What windows are told by in their rows: where they start, where they end, and the last time in
// them. Pure.
#pragma once

#include <span>

#include "data/column.hpp"
#include "operators/window_aggregate.hpp"

namespace sluice {

// One of them for each of the windows that end there; not Role::column.
ColumnPtr window_column(const WindowAssigner& assigner, const Type& type,
                        WindowKeyColumn::Role role, std::span<const int64_t> ends_us);

}  // namespace sluice
