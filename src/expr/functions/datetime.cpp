// The statement's time, AT TIME ZONE, and the making, ageing and tidying of times and intervals.
#include <cmath>

#include "expr/kernel.hpp"
#include "values/time/calendar.hpp"
#include "values/time/civil_age.hpp"
#include "values/time/datetime_arithmetic.hpp"
#include "values/time/infinite_interval.hpp"
#include "values/time/sql_zone.hpp"
#include "values/time/timestamp_range.hpp"

namespace sluice {

namespace {

using namespace types;

bool is_infinite(int64_t time_us) {
  return time_us == timestamp_infinity || time_us == timestamp_minus_infinity;
}

Function clock_function(Function made) {
  made.uses_now = true;
  made.volatility = Volatility::stable;
  return made;
}

void add_clock(FunctionRegistry& registry) {
  for (const char* name : {"now", "transaction_timestamp", "statement_timestamp"}) {
    registry.add(clock_function(function(name, {}, timestamptz,
                                         per_row([](Scope& scope) { return scope.now_us(); }),
                                         "time of the evaluation")));
  }
}

Unexpected zone_interval_error() {
  return fail(ErrorCode::invalid_argument,
              "an interval that is a time zone must have neither months nor days");
}

Result<int64_t> shift(int64_t time_us, int64_t by_us) {
  if (is_infinite(time_us)) return time_us;
  return timestamp_in_range(static_cast<Int128>(time_us) + by_us);
}

// An interval as a zone counts east of UTC, in whole seconds, which PostgreSQL keeps in 32 bits.
Result<int64_t> zone_offset_us(const Interval& zone) {
  if (zone.months != 0 || zone.days != 0) return zone_interval_error();
  return static_cast<int32_t>(zone.microseconds / us_per_second) * us_per_second;
}

void add_timezone(FunctionRegistry& registry) {
  const char* const help = "AT TIME ZONE";
  registry.add(function("timezone", {text, timestamp}, timestamptz,
                        per_row([](std::string_view name, int64_t local) -> Result<int64_t> {
                          if (is_infinite(local)) return local;
                          SLUICE_ASSIGN(const TimeZone zone, find_sql_zone(name));
                          return instant_of_local(local, zone);
                        }),
                        help));
  registry.add(function("timezone", {text, timestamptz}, timestamp,
                        per_row([](std::string_view name, int64_t instant) -> Result<int64_t> {
                          if (is_infinite(instant)) return instant;
                          SLUICE_ASSIGN(const TimeZone zone, find_sql_zone(name));
                          return local_of_instant(instant, zone);
                        }),
                        help));
  registry.add(function("timezone", {interval, timestamp}, timestamptz,
                        per_row([](Interval zone, int64_t local) -> Result<int64_t> {
                          if (is_infinite(local)) return local;
                          SLUICE_ASSIGN(const int64_t offset, zone_offset_us(zone));
                          return shift(local, -offset);
                        }),
                        help));
  registry.add(function("timezone", {interval, timestamptz}, timestamp,
                        per_row([](Interval zone, int64_t instant) -> Result<int64_t> {
                          if (is_infinite(instant)) return instant;
                          SLUICE_ASSIGN(const int64_t offset, zone_offset_us(zone));
                          return shift(instant, offset);
                        }),
                        help));
}

Result<int64_t> age_anchor(Scope& scope) {
  return scope.zone().to_local(scope.now_us()) / us_per_day * us_per_day;
}

void add_age(FunctionRegistry& registry) {
  const char* const help = "difference in years, months, days and time";
  registry.add(function("age", {timestamp, timestamp}, interval, per_row<civil_age>(), help));
  registry.add(stable(function("age", {timestamptz, timestamptz}, interval,
                               per_row([](Scope& scope, int64_t later, int64_t earlier) {
                                 return civil_age(scope.zone().to_local(later),
                                                  scope.zone().to_local(earlier));
                               }),
                               help)));
  registry.add(clock_function(function(
      "age", {timestamp}, interval,
      per_row([](Scope& scope, int64_t earlier) { return civil_age(*age_anchor(scope), earlier); }),
      "age at the start of today")));
  registry.add(clock_function(
      function("age", {timestamptz}, interval, per_row([](Scope& scope, int64_t earlier) {
                 return civil_age(*age_anchor(scope), scope.zone().to_local(earlier));
               }),
               "age at the start of today")));
}

// Adds to the next larger field of an interval.
Status carry(int64_t whole, int32_t& field) {
  if (!__builtin_add_overflow(field, whole, &field)) return {};
  return fail(ErrorCode::value_out_of_range, "interval out of range");
}

Result<Interval> justify_hours(Interval span) {
  if (is_infinite(span)) return span;
  SLUICE_TRY(carry(span.microseconds / us_per_day, span.days));
  span.microseconds %= us_per_day;
  if (span.days > 0 && span.microseconds < 0) {
    span.microseconds += us_per_day;
    --span.days;
  } else if (span.days < 0 && span.microseconds > 0) {
    span.microseconds -= us_per_day;
    ++span.days;
  }
  return span;
}

Result<Interval> justify_days(Interval span) {
  if (is_infinite(span)) return span;
  constexpr auto month_days = static_cast<int32_t>(days_per_month);
  SLUICE_TRY(carry(span.days / month_days, span.months));
  span.days %= month_days;
  if (span.months > 0 && span.days < 0) {
    span.days += month_days;
    --span.months;
  } else if (span.months < 0 && span.days > 0) {
    span.days -= month_days;
    ++span.months;
  }
  return span;
}

// Both at once, so that all three parts get one sign.
Result<Interval> justify_interval(Interval span) {
  if (is_infinite(span)) return span;
  constexpr auto month_days = static_cast<int32_t>(days_per_month);
  // Days first where the hours would make more of them.
  if ((span.days > 0) == (span.microseconds > 0)) {
    SLUICE_TRY(carry(span.days / month_days, span.months));
    span.days %= month_days;
  }
  SLUICE_TRY(carry(span.microseconds / us_per_day, span.days));
  span.microseconds %= us_per_day;
  SLUICE_TRY(carry(span.days / month_days, span.months));
  span.days %= month_days;
  const bool rest_is_negative = span.days < 0 || (span.days == 0 && span.microseconds < 0);
  const bool rest_is_positive = span.days > 0 || (span.days == 0 && span.microseconds > 0);
  if (span.months > 0 && rest_is_negative) {
    span.days += month_days;
    --span.months;
  } else if (span.months < 0 && rest_is_positive) {
    span.days -= month_days;
    ++span.months;
  }
  if (span.days > 0 && span.microseconds < 0) {
    span.microseconds += us_per_day;
    --span.days;
  } else if (span.days < 0 && span.microseconds > 0) {
    span.microseconds -= us_per_day;
    ++span.days;
  }
  return span;
}

void add_tidying(FunctionRegistry& registry) {
  registry.add(function("justify_hours", {interval}, interval, per_row<justify_hours>(),
                        "24 hours become a day"));
  registry.add(function("justify_days", {interval}, interval, per_row<justify_days>(),
                        "30 days become a month"));
  registry.add(function("justify_interval", {interval}, interval, per_row<justify_interval>(),
                        "hours become days, days months, all with one sign"));
  for (const Type type : {timestamp, timestamptz}) {
    registry.add(function("isfinite", {type}, boolean,
                          per_row([](int64_t time_us) { return !is_infinite(time_us); }),
                          "is not infinity"));
  }
  registry.add(function("isfinite", {date}, boolean, per_row([](int32_t day) {
                          return day != date_infinity && day != date_minus_infinity;
                        }),
                        "is not infinity"));
  registry.add(function("isfinite", {interval}, boolean,
                        per_row([](Interval span) { return !is_infinite(span); }),
                        "is not infinity"));
}

}  // namespace

void register_datetime(FunctionRegistry& registry) {
  add_clock(registry);
  add_timezone(registry);
  add_age(registry);
  add_tidying(registry);
}

}  // namespace sluice
