// DateTimeUnit: the fields that extract, date_part and date_trunc name. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

enum class DateTimeUnit : uint8_t {
  microseconds,
  milliseconds,
  second,
  minute,
  hour,
  day,
  week,
  month,
  quarter,
  year,
  decade,
  century,
  millennium,
  day_of_week,
  iso_day_of_week,
  day_of_year,
  iso_year,
  julian,
  epoch,
  timezone,
  timezone_hour,
  timezone_minute,
};

// In any case, with PostgreSQL's abbreviations; none: no such field.
std::optional<DateTimeUnit> find_datetime_unit(std::string_view name);

}  // namespace sluice
