// The durations that windows of fixed sizes are given: their checks, and the grid that they make.
// Pure; no problem: it is as it should be.
#pragma once

#include <optional>
#include <span>

#include "windows/time_grid.hpp"
#include "windows/window_functions.hpp"

namespace sluice {

// Where a duration stands among those of the call.
struct PlacedDuration {
  WindowDuration value;
  size_t place = 0;
};

// Whole days or a time, not both.
std::optional<WindowProblem> check_one_kind(const PlacedDuration& duration);
std::optional<WindowProblem> check_positive(const PlacedDuration& duration,
                                            const std::string& what);
// How many windows a row would count in, all told by one message; `what`: "slide".
std::optional<WindowProblem> check_count(const PlacedDuration& slide, const WindowDuration& size,
                                         int64_t most, const std::string& what);

// Of windows that start, or grow, a slide apart. Without an offset.
GridSizes grid_sizes(const WindowDuration& slide, const WindowDuration& size);
// The offset, which may stand at that place: of windows that start `distance` apart, and smaller.
std::optional<WindowProblem> take_offset(std::span<const WindowDuration> durations, size_t place,
                                         const WindowDuration& distance, GridSizes& sizes);

}  // namespace sluice
