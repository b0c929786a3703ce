// Dates and times read by a format: to_date and to_timestamp. Pure functions. Errors: invalid_text
// (the text does not follow the format), value_out_of_range (no such day or time).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "values/time/calendar.hpp"
#include "values/time/datetime_pattern.hpp"

namespace sluice {

// A moment that was read; the day may lie outside of its month when the text had no year.
struct ReadTime {
  CivilDate date{0, 1, 1};
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t microsecond = 0;
  std::optional<int32_t> offset_seconds;  // east of UTC
  int fraction_digits = 0;                // FF1 … FF6: the result is rounded to so many; 0: none

  int64_t time_of_day_us() const {
    return hour * us_per_hour + minute * us_per_minute + second * us_per_second + microsecond;
  }
};

Result<ReadTime> parse_by(const DateTimePattern& pattern, std::string_view text);
// Days since 1970-01-01.
Result<int32_t> date_of(const ReadTime& time);

}  // namespace sluice
