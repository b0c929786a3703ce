// ReadFields: what a text says field by field when it is read by a format, before it means a
// moment. 0 stands for a field that was not there, as PostgreSQL has it. Plain value.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "values/time/datetime_pattern.hpp"

namespace sluice {

struct ReadFields {
  DateCalendar calendar = DateCalendar::undecided;
  int32_t year = 0;
  int year_digits = 0;  // of the field in the format
  int32_t century = 0;
  int32_t before_christ = 0;
  int32_t month = 0;
  int32_t week = 0;
  int32_t week_of_month = 0;
  int32_t day_of_year = 0;
  int32_t day = 0;
  int32_t day_of_week = 0;  // 1 = Sunday
  int32_t julian_day = 0;
  bool is_12_hour_clock = false;
  int32_t is_afternoon = 0;
  int32_t hour = 0;
  int32_t minute = 0;
  int32_t second = 0;
  int32_t second_of_day = 0;
  int32_t millisecond = 0;
  int32_t microsecond = 0;
  int fraction_digits = 0;
  int zone_sign = 0;
  int32_t zone_hours = 0;
  int32_t zone_minutes = 0;
  std::optional<int32_t> abbreviation_seconds;  // of a zone's abbreviation, east of UTC
};

// Errors: invalid_text, value_out_of_range.
Result<ReadFields> read_fields(const DateTimePattern& pattern, std::string_view text);

}  // namespace sluice
