// Dates, times and intervals written by a format: to_char. Pure functions.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "values/time/datetime_pattern.hpp"
#include "values/time/time_zone.hpp"
#include "values/type.hpp"

namespace sluice {

// What a format can show. Of an interval: its parts, with its time as hours, minutes and seconds.
struct DateTimeParts {
  int64_t year = 0;  // 0 = 1 BC
  int month = 0;
  int64_t day = 0;
  int64_t hour = 0;
  int minute = 0;
  int second = 0;
  int microsecond = 0;
  int64_t day_number = 0;  // since 1970-01-01
  int day_of_year = 0;
  int32_t offset_seconds = 0;
  std::string zone_name;
  bool is_interval = false;
};

// Of finite times.
DateTimeParts parts_of_timestamp(int64_t timestamp_us);
DateTimeParts parts_of_timestamptz(int64_t instant_us, const TimeZone& zone);
DateTimeParts parts_of_interval(const Interval& interval);

// Appends to `out`. Error invalid_text: an interval has no such field.
Status format_by(const DateTimePattern& pattern, const DateTimeParts& parts, std::string& out);

}  // namespace sluice
