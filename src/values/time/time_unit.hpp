// TimeUnit: what a number that holds a time counts. Plain value.
#pragma once

#include <cstdint>

namespace sluice {

enum class TimeUnit : uint8_t { none, seconds, milliseconds, microseconds, nanoseconds };

}  // namespace sluice
