// make_date, make_timestamp, make_timestamptz, make_interval, to_timestamp of seconds.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "expr/kernel.hpp"
#include "values/time/calendar.hpp"
#include "values/time/datetime_arithmetic.hpp"
#include "values/time/infinite_interval.hpp"
#include "values/time/sql_zone.hpp"
#include "values/time/timestamp_range.hpp"

namespace sluice {

namespace {

using namespace types;

Unexpected field_overflow(const char* what) {
  return fail(ErrorCode::value_out_of_range, std::string(what) + " field value out of range");
}

// Negative years are before Christ; there is no year 0.
Result<int32_t> make_date(int32_t year, int32_t month, int32_t day) {
  const int64_t counted = year < 0 ? int64_t{year} + 1 : year;
  if (year == 0 || month < 1 || month > 12 || day < 1 || counted > 5'874'897 || counted < -4'713) {
    return field_overflow("date");
  }
  if (day > days_in_month(counted, month)) return field_overflow("date");
  const int64_t days = days_of({counted, month, day});
  if (days < first_date || days > last_date) return field_overflow("date");
  return static_cast<int32_t>(days);
}

struct Clock {
  int32_t hour;
  int32_t minute;
  double second;
};

// 24:00:00 and a second of 60 are the next moment; what counts is the second in whole microseconds.
Result<int64_t> time_us_of(const Clock& clock) {
  const auto [hour, minute, second] = clock;
  const double second_us = std::rint(second * us_per_second);
  const bool fits = hour >= 0 && hour <= 24 && minute >= 0 && minute <= 59 && second_us >= 0 &&
                    second_us <= 60.0 * us_per_second &&
                    !(hour == 24 && (minute > 0 || second_us > 0));
  if (!fits) return field_overflow("time");
  return hour * us_per_hour + minute * us_per_minute + static_cast<int64_t>(second_us);
}

Result<int64_t> make_timestamp(int32_t day, const Clock& clock) {
  SLUICE_ASSIGN(const int64_t time_us, time_us_of(clock));
  SLUICE_ASSIGN(const int64_t start_us, timestamp_of_date(day));
  return timestamp_in_range(static_cast<Int128>(start_us) + time_us);
}

// +5, +05:30, -0330, +05:30:10: east of UTC, as in times and unlike AT TIME ZONE.
std::optional<int64_t> offset_seconds_of(std::string_view text) {
  const bool is_west = text.front() == '-';
  text.remove_prefix(1);
  int32_t parts[3] = {};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int32_t& part : parts) {
    const auto [stop, problem] = std::from_chars(at, end, part);
    if (problem != std::errc{} || part < 0) return std::nullopt;
    at = stop;
    if (at == end || *at != ':') break;
    ++at;
  }
  constexpr size_t longest_hour = 2;
  const bool runs_together = text.find(':') == std::string_view::npos && text.size() > longest_hour;
  auto [hours, minutes, seconds] = parts;
  if (runs_together) {
    minutes = hours % 100;
    hours /= 100;
  }
  constexpr int32_t most_hours = 15;
  if (at != end || hours > most_hours || minutes > 59 || seconds > 59) return std::nullopt;
  const int64_t size = hours * 3600 + minutes * 60 + seconds;
  return is_west ? -size : size;
}

Result<int64_t> instant_in_zone(int64_t local, std::string_view name) {
  if (name.starts_with('+') || name.starts_with('-')) {
    const auto offset = offset_seconds_of(name);
    if (offset) return timestamp_in_range(local - *offset * us_per_second);
    return fail(ErrorCode::invalid_argument,
                "numeric time zone \"" + std::string(name) + "\" is out of range");
  }
  SLUICE_ASSIGN(const TimeZone zone, find_sql_zone(name));
  return instant_of_local(local, zone);
}

struct Fields {
  int32_t year;
  int32_t month;
  int32_t day;
  Clock clock;
};

Result<int64_t> make_local(const Fields& fields) {
  SLUICE_ASSIGN(const int32_t day, make_date(fields.year, fields.month, fields.day));
  return make_timestamp(day, fields.clock);
}

void add_makers(FunctionRegistry& registry) {
  registry.add(function("make_date", {integer, integer, integer}, date, per_row<make_date>(),
                        "date of year, month and day"));
  const std::vector<Type> fields{integer, integer, integer, integer, integer, double_precision};
  registry.add(function("make_timestamp", fields, timestamp,
                        per_row([](int32_t year, int32_t month, int32_t day, int32_t hour,
                                   int32_t minute, double second) {
                          return make_local({year, month, day, {hour, minute, second}});
                        }),
                        "timestamp of year … second"));
  registry.add(stable(function(
      "make_timestamptz", fields, timestamptz,
      per_row([](Scope& scope, int32_t year, int32_t month, int32_t day, int32_t hour,
                 int32_t minute, double second) -> Result<int64_t> {
        SLUICE_ASSIGN(const int64_t local, make_local({year, month, day, {hour, minute, second}}));
        return instant_of_local(local, scope.zone());
      }),
      "timestamptz of year … second in the session's zone")));
  std::vector<Type> fields_and_zone = fields;
  fields_and_zone.push_back(text);
  registry.add(function(
      "make_timestamptz", std::move(fields_and_zone), timestamptz,
      per_row([](int32_t year, int32_t month, int32_t day, int32_t hour, int32_t minute,
                 double second, std::string_view name) -> Result<int64_t> {
        SLUICE_ASSIGN(const int64_t local, make_local({year, month, day, {hour, minute, second}}));
        return instant_in_zone(local, name);
      }),
      "timestamptz of year … second in a zone"));
}

// Years, months, weeks, days, hours, minutes, seconds: as many as there are arguments.
struct IntervalParts {
  int64_t whole[6] = {};
  double seconds = 0;
};

Result<Interval> interval_of(const IntervalParts& parts) {
  const auto [years, months, weeks, days, hours, minutes] = parts.whole;
  const int64_t all_months = years * 12 + months;
  const int64_t all_days = weeks * 7 + days;
  const double seconds_us = std::rint(parts.seconds * us_per_second);
  const Int128 time = static_cast<Int128>(hours) * us_per_hour + minutes * us_per_minute;
  const bool fits_seconds = std::fabs(seconds_us) < 9.2e18;
  const Int128 time_us = time + (fits_seconds ? static_cast<Int128>(seconds_us) : 0);
  if (all_months != static_cast<int32_t>(all_months) ||
      all_days != static_cast<int32_t>(all_days) || !fits_seconds ||
      time_us != static_cast<int64_t>(time_us)) {
    return fail(ErrorCode::value_out_of_range, "interval out of range");
  }
  const Interval made{static_cast<int32_t>(all_months), static_cast<int32_t>(all_days),
                      static_cast<int64_t>(time_us)};
  if (is_infinite(made)) return fail(ErrorCode::value_out_of_range, "interval out of range");
  return made;
}

void run_make_interval(CallContext& context) {
  constexpr size_t wholes = 6;
  Scope scope(context);
  std::vector<Input<int32_t>> inputs;
  const size_t count = context.argument_count();
  for (size_t i = 0; i < std::min(count, wholes); ++i) inputs.emplace_back(context.argument(i));
  std::optional<Input<double>> seconds;
  if (count > wholes) seconds.emplace(context.argument(wholes));
  for_each_row(context, [&](size_t row) {
    IntervalParts parts;
    for (size_t i = 0; i < inputs.size(); ++i) parts.whole[i] = inputs[i][row];
    if (seconds) parts.seconds = (*seconds)[row];
    store(context, scope, row, interval_of(parts));
  });
}

void add_make_interval(FunctionRegistry& registry) {
  std::vector<Type> arguments;
  for (size_t count = 0; count <= 7; ++count) {
    registry.add(function("make_interval", arguments, interval, {run_make_interval, true, true, {}},
                          "interval of years, months, weeks, days, hours, minutes, seconds"));
    arguments.push_back(count < 6 ? integer : double_precision);
  }
}

Result<int64_t> time_of_epoch(double seconds) {
  if (std::isnan(seconds)) {
    return fail(ErrorCode::value_out_of_range, "timestamp cannot be NaN");
  }
  if (std::isinf(seconds)) return seconds > 0 ? timestamp_infinity : timestamp_minus_infinity;
  constexpr double seconds_to_2000 = 946'684'800;
  const double since_2000_us = std::rint((seconds - seconds_to_2000) * us_per_second);
  constexpr double far_us = 1e19;  // past every timestamp
  const double clamped_us = std::clamp(since_2000_us, -far_us, far_us);
  return timestamp_in_range(static_cast<Int128>(clamped_us) +
                            static_cast<int64_t>(seconds_to_2000) * us_per_second);
}

}  // namespace

void register_make_times(FunctionRegistry& registry) {
  add_makers(registry);
  add_make_interval(registry);
  registry.add(function("to_timestamp", {double_precision}, timestamptz, per_row<time_of_epoch>(),
                        "time of seconds since 1970"));
}

}  // namespace sluice
