// extract and date_part.
#include <cstdlib>

#include "expr/kernel.hpp"
#include "values/number/number_conversion.hpp"
#include "values/number/numeric_arithmetic.hpp"
#include "values/time/calendar.hpp"
#include "values/time/datetime_arithmetic.hpp"
#include "values/time/datetime_unit.hpp"
#include "values/time/infinite_interval.hpp"
#include "values/time/week_date.hpp"

namespace sluice {

namespace {

using Unit = DateTimeUnit;
using Extracted = Result<std::optional<Numeric>>;

Unexpected unknown_unit(std::string_view name, const char* of) {
  return fail(ErrorCode::invalid_argument,
              std::string(of) + " has no field \"" + std::string(name) + "\"",
              "Use microseconds … millennium, dow, doy, epoch and the like");
}

Numeric whole(int64_t value) { return Numeric(value, 0); }
Numeric millionths(int64_t value) { return Numeric(value, 6); }

// Years, decades, … before Christ are negative, and there is no year 0.
int64_t counted_year(int64_t year) { return year > 0 ? year : year - 1; }
int64_t counted_span(int64_t year, int64_t years) {
  return year > 0 ? (year + years - 1) / years : -((years - 1 - (year - 1)) / years);
}

std::optional<Numeric> date_field(Unit unit, int64_t day) {
  const CivilDate date = civil_date_of(day);
  switch (unit) {
    case Unit::day:
      return whole(date.day);
    case Unit::week:
      return whole(iso_week_of(day));
    case Unit::month:
      return whole(date.month);
    case Unit::quarter:
      return whole((date.month - 1) / 3 + 1);
    case Unit::year:
      return whole(counted_year(date.year));
    case Unit::decade:
      return whole(floor_divide(date.year, 10));
    case Unit::century:
      return whole(counted_span(date.year, 100));
    case Unit::millennium:
      return whole(counted_span(date.year, 1000));
    case Unit::day_of_week:
      return whole(day_of_week(day));
    case Unit::iso_day_of_week:
      return whole(iso_day_of_week(day));
    case Unit::day_of_year:
      return whole(day_of_year(day, date.year));
    case Unit::iso_year:
      return whole(counted_year(iso_year_of(day)));
    default:
      return std::nullopt;
  }
}

std::optional<Numeric> clock_field(Unit unit, int64_t time_us) {
  switch (unit) {
    case Unit::microseconds:
      return whole(time_us % us_per_minute);
    case Unit::milliseconds:
      return Numeric(time_us % us_per_minute, 3);
    case Unit::second:
      return millionths(time_us % us_per_minute);
    case Unit::minute:
      return whole(time_us % us_per_hour / us_per_minute);
    case Unit::hour:
      return whole(time_us / us_per_hour);
    default:
      return std::nullopt;
  }
}

// NULL for what goes round and round, infinite for what only grows.
template <class Time>
Extracted infinite_field(Unit unit, Time time) {
  const bool grows = unit == Unit::julian || unit == Unit::epoch || unit == Unit::iso_year ||
                     (unit >= Unit::year && unit <= Unit::millennium);
  if (!grows) return std::optional<Numeric>();
  return std::optional(
      Numeric::special(time > 0 ? Numeric::Kind::infinity : Numeric::Kind::minus_infinity));
}
bool is_infinite(int64_t time_us) {
  return time_us == timestamp_infinity || time_us == timestamp_minus_infinity;
}

Extracted field_of_local(Unit unit, std::string_view name, int64_t local_us) {
  const int64_t day = floor_divide(local_us, us_per_day);
  const int64_t time_us = local_us - day * us_per_day;
  if (const auto field = clock_field(unit, time_us)) return field;
  if (const auto field = date_field(unit, day)) return field;
  if (unit != Unit::julian) return unknown_unit(name, "a timestamp");
  SLUICE_ASSIGN(const Numeric part, divide(whole(time_us), whole(us_per_day)));
  SLUICE_ASSIGN(const Numeric julian, Numeric::add(whole(julian_day_of(day)), part));
  return std::optional(julian);
}

Extracted field_of_timestamp(std::string_view name, int64_t time_us) {
  const auto unit = find_datetime_unit(name);
  if (unit && is_infinite(time_us)) return infinite_field(*unit, time_us);
  if (!unit || *unit >= Unit::timezone) return unknown_unit(name, "a timestamp");
  if (*unit == Unit::epoch) return std::optional(millionths(time_us));
  return field_of_local(*unit, name, time_us);
}

Extracted field_of_timestamptz(Scope& scope, std::string_view name, int64_t instant_us) {
  const auto unit = find_datetime_unit(name);
  if (!unit) return unknown_unit(name, "a timestamptz");
  if (is_infinite(instant_us)) return infinite_field(*unit, instant_us);
  if (*unit == Unit::epoch) return std::optional(millionths(instant_us));
  const int32_t offset = scope.zone().offset_seconds_at(instant_us);
  if (*unit == Unit::timezone) return std::optional(whole(offset));
  if (*unit == Unit::timezone_hour) return std::optional(whole(offset / 3600));
  if (*unit == Unit::timezone_minute) return std::optional(whole(offset / 60 % 60));
  return field_of_local(*unit, name, scope.zone().to_local(instant_us));
}

Extracted field_of_date(std::string_view name, int32_t day) {
  const auto unit = find_datetime_unit(name);
  if (!unit || *unit < Unit::day || *unit >= Unit::timezone) return unknown_unit(name, "a date");
  if (day == date_infinity || day == date_minus_infinity) return infinite_field(*unit, day);
  if (*unit == Unit::epoch) return std::optional(whole(int64_t{day} * 86'400));
  if (*unit == Unit::julian) return std::optional(whole(julian_day_of(day)));
  return date_field(*unit, day);
}

// A year has 365.25 days here, a month 30.
Numeric epoch_of(const Interval& span) {
  const int64_t quarter_days = int64_t{span.months / 12} * 1461 +
                               int64_t{span.months % 12} * 4 * days_per_month +
                               int64_t{span.days} * 4;
  return Numeric(static_cast<Int128>(quarter_days) * (us_per_day / 4) + span.microseconds, 6);
}

// NULL for what goes round and round (a minute of its hour, a month of its year), infinite for what
// has no bound.
Extracted field_of_infinite_interval(Unit unit, std::string_view name, const Interval& span) {
  switch (unit) {
    case Unit::microseconds:
    case Unit::milliseconds:
    case Unit::second:
    case Unit::minute:
    case Unit::week:
    case Unit::month:
    case Unit::quarter:
      return std::optional<Numeric>();
    case Unit::hour:
    case Unit::day:
    case Unit::year:
    case Unit::decade:
    case Unit::century:
    case Unit::millennium:
    case Unit::epoch:
      return std::optional(Numeric::special(
          span == interval_infinity ? Numeric::Kind::infinity : Numeric::Kind::minus_infinity));
    default:
      return unknown_unit(name, "an interval");
  }
}

// Of less than no months it is the opposite of that of as many months.
int64_t quarter_of(const Interval& span) {
  const int64_t quarter = std::abs(span.months % 12) / 3 + 1;
  return span.months < 0 ? -quarter : quarter;
}

Extracted field_of_interval(std::string_view name, Interval span) {
  const auto unit = find_datetime_unit(name);
  if (!unit) return unknown_unit(name, "an interval");
  if (is_infinite(span)) return field_of_infinite_interval(*unit, name, span);
  if (const auto field = clock_field(*unit, span.microseconds)) return field;
  const int64_t years = span.months / 12;
  switch (*unit) {
    case Unit::day:
      return std::optional(whole(span.days));
    case Unit::week:
      return std::optional(whole(span.days / 7));
    case Unit::month:
      return std::optional(whole(span.months % 12));
    case Unit::quarter:
      return std::optional(whole(quarter_of(span)));
    case Unit::year:
      return std::optional(whole(years));
    case Unit::decade:
      return std::optional(whole(years / 10));
    case Unit::century:
      return std::optional(whole(years / 100));
    case Unit::millennium:
      return std::optional(whole(years / 1000));
    case Unit::epoch:
      return std::optional(epoch_of(span));
    default:
      return unknown_unit(name, "an interval");
  }
}

Result<std::optional<double>> as_double(const Extracted& field) {
  if (!field) return fail(field.error());
  if (!*field) return std::optional<double>();
  return std::optional(double_of(**field));
}

// Seconds and milliseconds, summed in doubles as PostgreSQL's date_part does. nullopt: of another
// unit.
std::optional<double> clock_part(std::string_view name, int64_t time_us) {
  const auto unit = find_datetime_unit(name);
  const auto second = static_cast<double>(time_us % us_per_minute / us_per_second);
  const auto microsecond = static_cast<double>(time_us % us_per_second);
  if (unit == Unit::second) return second + microsecond / us_per_second;
  constexpr double thousand = 1000;
  if (unit == Unit::milliseconds) return second * thousand + microsecond / thousand;
  return std::nullopt;
}
std::optional<double> clock_part_of_local(std::string_view name, int64_t local_us) {
  return clock_part(name, local_us - floor_divide(local_us, us_per_day) * us_per_day);
}

using Part = Result<std::optional<double>>;

Part part_of_timestamp(std::string_view name, int64_t time_us) {
  const auto part = is_infinite(time_us) ? std::nullopt : clock_part_of_local(name, time_us);
  return part ? Part(part) : as_double(field_of_timestamp(name, time_us));
}

Part part_of_timestamptz(Scope& scope, std::string_view name, int64_t instant_us) {
  const auto part = is_infinite(instant_us)
                        ? std::nullopt
                        : clock_part_of_local(name, scope.zone().to_local(instant_us));
  return part ? Part(part) : as_double(field_of_timestamptz(scope, name, instant_us));
}

// Summed in doubles, too.
double epoch_seconds(const Interval& span) {
  constexpr double day_seconds = 86'400;
  double seconds = static_cast<double>(span.microseconds) / us_per_second;
  seconds += 365.25 * day_seconds * (span.months / 12);
  seconds += days_per_month * day_seconds * (span.months % 12);
  return seconds + day_seconds * span.days;
}

Part part_of_interval(std::string_view name, Interval span) {
  if (is_infinite(span)) return as_double(field_of_interval(name, span));
  if (find_datetime_unit(name) == Unit::epoch) return std::optional(epoch_seconds(span));
  const auto part = clock_part(name, span.microseconds);
  return part ? Part(part) : as_double(field_of_interval(name, span));
}

void add_extract(FunctionRegistry& registry) {
  using namespace types;
  const char* const help = "extract(hour FROM ts)";
  const auto add = [&](Type type, KernelSpec kernel) {
    return function("extract", {text, type}, numeric, std::move(kernel), help);
  };
  registry.add(add(date, per_row<field_of_date>()));
  registry.add(add(timestamp, per_row<field_of_timestamp>()));
  registry.add(stable(add(timestamptz, per_row<field_of_timestamptz>())));
  registry.add(add(interval, per_row<field_of_interval>()));
}

void add_date_part(FunctionRegistry& registry) {
  using namespace types;
  const char* const help = "date_part('hour', ts): extract as double precision";
  const auto add = [&](Type type, KernelSpec kernel) {
    return function("date_part", {text, type}, double_precision, std::move(kernel), help);
  };
  registry.add(add(date, per_row([](std::string_view name, int32_t day) {
                     const Result<int64_t> time_us = timestamp_of_date(day);
                     if (!time_us) return Result<std::optional<double>>(fail(time_us.error()));
                     return as_double(field_of_timestamp(name, *time_us));
                   })));
  registry.add(add(timestamp, per_row<part_of_timestamp>()));
  registry.add(stable(add(timestamptz, per_row<part_of_timestamptz>())));
  registry.add(add(interval, per_row<part_of_interval>()));
}

}  // namespace

void register_extract(FunctionRegistry& registry) {
  add_extract(registry);
  add_date_part(registry);
}

}  // namespace sluice
