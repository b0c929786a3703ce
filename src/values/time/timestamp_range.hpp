// The finite timestamps: from 4714-11-24 BC, as in PostgreSQL, to the end of the year 294246 (there
// of 294276), so that the clocks of every zone show each of them in 64 bits. Pure functions.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "values/number/numeric.hpp"
#include "values/time/calendar.hpp"

namespace sluice {

constexpr int64_t first_timestamp = first_date * us_per_day;
constexpr int64_t end_of_timestamps = days_of({294'247, 1, 1}) * us_per_day;

constexpr bool is_timestamp(Int128 time_us) {
  return time_us >= first_timestamp && time_us < end_of_timestamps;
}

// Error value_out_of_range.
inline Result<int64_t> timestamp_in_range(Int128 time_us) {
  if (is_timestamp(time_us)) return static_cast<int64_t>(time_us);
  return fail(ErrorCode::value_out_of_range, "timestamp out of range");
}

}  // namespace sluice
