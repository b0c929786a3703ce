// The checks of the durations that windows of fixed sizes are given. Pure; none: it is as it
// should be.
#pragma once

#include <optional>

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
// Not further than two windows are apart.
std::optional<WindowProblem> check_offset(const PlacedDuration& offset,
                                          const WindowDuration& distance);
// How many windows a row would count in, all told by one message; `what`: "slide".
std::optional<WindowProblem> check_count(const PlacedDuration& slide, const WindowDuration& size,
                                         int64_t most, const std::string& what);

}  // namespace sluice
