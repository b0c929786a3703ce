// date_trunc of timestamps and intervals, and date_bin.
#include "expr/kernel.hpp"
#include "values/time/calendar.hpp"
#include "values/time/datetime_unit.hpp"
#include "values/time/infinite_interval.hpp"
#include "values/time/sql_zone.hpp"
#include "values/time/timestamp_range.hpp"
#include "values/time/week_date.hpp"

namespace sluice {

namespace {

bool is_infinite(int64_t time_us) {
  return time_us == timestamp_infinity || time_us == timestamp_minus_infinity;
}

Unexpected unknown_unit(std::string_view unit) {
  return fail(ErrorCode::invalid_argument,
              "date_trunc does not know the unit \"" + std::string(unit) + "\"",
              "Use microseconds … millennium, such as 'minute' or 'day'");
}

// The first year of its decade, century or millennium. 0 = 1 BC.
int64_t first_year(int64_t year, DateTimeUnit unit) {
  switch (unit) {
    case DateTimeUnit::decade:
      return floor_divide(year, 10) * 10;
    case DateTimeUnit::century:
      return floor_divide(year - 1, 100) * 100 + 1;
    case DateTimeUnit::millennium:
      return floor_divide(year - 1, 1000) * 1000 + 1;
    default:
      return year;
  }
}

int64_t truncated_day(int64_t day, DateTimeUnit unit) {
  if (unit == DateTimeUnit::day) return day;
  if (unit == DateTimeUnit::week) return monday_of(day);
  const CivilDate date = civil_date_of(day);
  if (unit == DateTimeUnit::month) return day - date.day + 1;
  if (unit == DateTimeUnit::quarter) return days_of({date.year, (date.month - 1) / 3 * 3 + 1, 1});
  return days_of({first_year(date.year, unit), 1, 1});
}

// Of the units that divide a day.
std::optional<int64_t> unit_us(DateTimeUnit unit) {
  switch (unit) {
    case DateTimeUnit::microseconds:
      return 1;
    case DateTimeUnit::milliseconds:
      return 1000;
    case DateTimeUnit::second:
      return us_per_second;
    case DateTimeUnit::minute:
      return us_per_minute;
    case DateTimeUnit::hour:
      return us_per_hour;
    default:
      return std::nullopt;
  }
}

Result<int64_t> truncate_local(int64_t time_us, DateTimeUnit unit) {
  if (const auto step = unit_us(unit)) return floor_divide(time_us, *step) * *step;
  const int64_t day = truncated_day(floor_divide(time_us, us_per_day), unit);
  return timestamp_in_range(static_cast<Int128>(day) * us_per_day);
}

Result<DateTimeUnit> truncation_unit(std::string_view name) {
  const auto unit = find_datetime_unit(name);
  if (!unit || *unit > DateTimeUnit::millennium) return unknown_unit(name);
  return *unit;
}

Result<int64_t> truncate_timestamp(std::string_view name, int64_t time_us) {
  if (is_infinite(time_us)) return time_us;
  SLUICE_ASSIGN(const DateTimeUnit unit, truncation_unit(name));
  return truncate_local(time_us, unit);
}

Result<int64_t> truncate_in_zone(std::string_view name, int64_t instant_us, const TimeZone& zone) {
  if (is_infinite(instant_us)) return instant_us;
  SLUICE_ASSIGN(const DateTimeUnit unit, truncation_unit(name));
  const int64_t local_us = zone.to_local(instant_us);
  SLUICE_ASSIGN(const int64_t start_us, truncate_local(local_us, unit));
  // Within a day the offset stays as it is, also at the change of daylight saving.
  return timestamp_in_range(unit_us(unit) ? start_us - (local_us - instant_us)
                                          : zone.to_instant(start_us));
}

Result<int64_t> truncate_timestamptz(Scope& scope, std::string_view name, int64_t instant_us) {
  return truncate_in_zone(name, instant_us, scope.zone());
}
Result<int64_t> truncate_in_named_zone(std::string_view name, int64_t instant_us,
                                       std::string_view zone_name) {
  if (is_infinite(instant_us)) return instant_us;
  SLUICE_ASSIGN(const TimeZone zone, find_sql_zone(zone_name));
  return truncate_in_zone(name, instant_us, zone);
}

Result<Interval> truncate_interval(std::string_view name, Interval span) {
  if (is_infinite(span)) return span;
  SLUICE_ASSIGN(const DateTimeUnit unit, truncation_unit(name));
  if (unit == DateTimeUnit::week) return unknown_unit(name);
  if (const auto step = unit_us(unit)) {
    span.microseconds = span.microseconds / *step * *step;
    return span;
  }
  span.microseconds = 0;
  if (unit == DateTimeUnit::day) return span;
  span.days = 0;
  const int32_t months = unit == DateTimeUnit::month     ? 1
                         : unit == DateTimeUnit::quarter ? 3
                         : unit == DateTimeUnit::year    ? 12
                         : unit == DateTimeUnit::decade  ? 120
                         : unit == DateTimeUnit::century ? 1200
                                                         : 12000;
  span.months = span.months / months * months;
  return span;
}

Result<int64_t> bin(Interval stride, int64_t time_us, int64_t origin_us) {
  if (is_infinite(time_us)) return time_us;
  if (is_infinite(origin_us)) {
    return fail(ErrorCode::value_out_of_range, "the origin of date_bin is infinite");
  }
  if (is_infinite(stride)) {
    return fail(ErrorCode::value_out_of_range,
                "timestamps cannot be binned into infinite intervals");
  }
  if (stride.months != 0) {
    return fail(ErrorCode::invalid_argument,
                "timestamps cannot be binned into intervals containing months or years");
  }
  Int128 step = static_cast<Int128>(stride.days) * us_per_day + stride.microseconds;
  if (step <= 0 || step > INT64_MAX) {
    return fail(ErrorCode::value_out_of_range, "the stride of date_bin must be greater than zero");
  }
  const Int128 distance = static_cast<Int128>(time_us) - origin_us;
  Int128 bins = distance / step;
  if (distance % step < 0) --bins;
  const Int128 result = origin_us + bins * step;
  return timestamp_in_range(result);
}

}  // namespace

void register_date_trunc(FunctionRegistry& registry) {
  using namespace types;
  const char* const help = "cut down to a unit: date_trunc('hour', ts)";
  registry.add(
      function("date_trunc", {text, timestamp}, timestamp, per_row<truncate_timestamp>(), help));
  registry.add(stable(function("date_trunc", {text, timestamptz}, timestamptz,
                               per_row<truncate_timestamptz>(), help)));
  registry.add(function("date_trunc", {text, timestamptz, text}, timestamptz,
                        per_row<truncate_in_named_zone>(), "cut down in a named zone"));
  registry.add(
      function("date_trunc", {text, interval}, interval, per_row<truncate_interval>(), help));
  for (const Type type : {timestamp, timestamptz}) {
    registry.add(function("date_bin", {interval, type, type}, type, per_row<bin>(),
                          "start of the bin of a width, counted from an origin"));
  }
}

}  // namespace sluice
