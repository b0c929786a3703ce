// The two infinite intervals, as PostgreSQL keeps them: every part at the end of its range. No
// finite interval has these parts: what would compute them is out of range. Pure functions.
#pragma once

#include "values/type.hpp"

namespace sluice {

constexpr Interval interval_infinity{INT32_MAX, INT32_MAX, INT64_MAX};
constexpr Interval interval_minus_infinity{INT32_MIN, INT32_MIN, INT64_MIN};

constexpr bool is_infinite(const Interval& interval) {
  return interval == interval_infinity || interval == interval_minus_infinity;
}

}  // namespace sluice
