// Sums and differences of event times that stay what they are at the ends of time: before the first
// watermark and after the last. Pure functions.
#pragma once

#include <cstdint>

namespace sluice {

// time - duration; duration >= 0.
inline int64_t earlier(int64_t time_us, int64_t duration_us) {
  if (time_us == INT64_MAX) return INT64_MAX;
  int64_t result = 0;
  return __builtin_sub_overflow(time_us, duration_us, &result) ? INT64_MIN : result;
}

// time + duration; duration >= 0.
inline int64_t later(int64_t time_us, int64_t duration_us) {
  if (time_us == INT64_MIN) return INT64_MIN;
  int64_t result = 0;
  return __builtin_add_overflow(time_us, duration_us, &result) ? INT64_MAX : result;
}

}  // namespace sluice
