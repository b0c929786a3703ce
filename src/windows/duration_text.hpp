// Durations as a person would write them. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace sluice {

// Microseconds: "10m", "36h", "1500ms".
std::string duration_text(int64_t microseconds);

}  // namespace sluice
