#include "values/time/datetime_arithmetic.hpp"

#include <algorithm>

#include "values/time/calendar.hpp"
#include "values/time/infinite_interval.hpp"
#include "values/time/timestamp_range.hpp"

namespace sluice {

namespace {

bool is_infinite(int64_t timestamp_us) {
  return timestamp_us == timestamp_infinity || timestamp_us == timestamp_minus_infinity;
}
bool is_infinite_date(int32_t date) { return date == date_infinity || date == date_minus_infinity; }

Unexpected timestamp_range() {
  return fail(ErrorCode::value_out_of_range, "timestamp out of range");
}

int64_t opposite(int64_t infinite_us) {
  return infinite_us == timestamp_infinity ? timestamp_minus_infinity : timestamp_infinity;
}

// Where the time or the interval is infinite.
Result<int64_t> add_infinite(int64_t timestamp_us, const Interval& interval) {
  if (!is_infinite(interval)) return timestamp_us;
  const int64_t end = interval == interval_infinity ? timestamp_infinity : timestamp_minus_infinity;
  return timestamp_us == opposite(end) ? timestamp_range() : Result<int64_t>(end);
}

// Civil time moved by months and days.
Result<int64_t> move_civil(int64_t timestamp_us, int64_t months, int64_t days) {
  const int64_t day = floor_divide(timestamp_us, us_per_day);
  const int64_t time = timestamp_us - day * us_per_day;
  CivilDate date = civil_date_of(day);
  if (months != 0) {
    const int64_t month = date.month - 1 + months;
    date.year += floor_divide(month, months_per_year);
    date.month =
        static_cast<int>(month - floor_divide(month, months_per_year) * months_per_year) + 1;
    date.day = std::min(date.day, days_in_month(date.year, date.month));
  }
  return timestamp_in_range(static_cast<Int128>(days_of(date) + days) * us_per_day + time);
}

}  // namespace

Result<int32_t> add_days(int32_t date, int64_t days) {
  if (is_infinite_date(date)) return date;
  const int64_t result = date + days;
  if (result < first_date || result > last_date) {
    return fail(ErrorCode::value_out_of_range, "date out of range");
  }
  return static_cast<int32_t>(result);
}

Result<int32_t> days_between(int32_t later, int32_t earlier) {
  if (is_infinite_date(later) || is_infinite_date(earlier)) {
    return fail(ErrorCode::value_out_of_range, "cannot subtract infinite dates");
  }
  return later - earlier;
}

Result<int64_t> timestamp_of_date(int32_t date) {
  if (date == date_infinity) return timestamp_infinity;
  if (date == date_minus_infinity) return timestamp_minus_infinity;
  const Int128 midnight = static_cast<Int128>(date) * us_per_day;
  if (is_timestamp(midnight)) return static_cast<int64_t>(midnight);
  return fail(ErrorCode::value_out_of_range, "date out of range for timestamp");
}

int32_t date_of_timestamp(int64_t timestamp_us) {
  if (timestamp_us == timestamp_infinity) return date_infinity;
  if (timestamp_us == timestamp_minus_infinity) return date_minus_infinity;
  return static_cast<int32_t>(floor_divide(timestamp_us, us_per_day));
}

Result<int64_t> instant_of_local(int64_t local_us, const TimeZone& zone) {
  return is_infinite(local_us) ? local_us : timestamp_in_range(zone.to_instant(local_us));
}

Result<int64_t> local_of_instant(int64_t instant_us, const TimeZone& zone) {
  return is_infinite(instant_us) ? instant_us : timestamp_in_range(zone.to_local(instant_us));
}

Result<int64_t> timestamptz_of_date(int32_t date, const TimeZone& zone) {
  SLUICE_ASSIGN(const int64_t local, timestamp_of_date(date));
  return instant_of_local(local, zone);
}

Result<int64_t> add_to_timestamp(int64_t timestamp_us, const Interval& interval) {
  if (is_infinite(timestamp_us) || is_infinite(interval)) {
    return add_infinite(timestamp_us, interval);
  }
  SLUICE_ASSIGN(const int64_t moved, move_civil(timestamp_us, interval.months, interval.days));
  return timestamp_in_range(static_cast<Int128>(moved) + interval.microseconds);
}

Result<int64_t> add_to_timestamptz(int64_t instant_us, const Interval& interval,
                                   const TimeZone& zone) {
  if (is_infinite(instant_us) || is_infinite(interval)) return add_infinite(instant_us, interval);
  if (interval.months != 0) {
    SLUICE_ASSIGN(const int64_t local, move_civil(zone.to_local(instant_us), interval.months, 0));
    instant_us = zone.to_instant(local);
  }
  if (interval.days != 0) {
    SLUICE_ASSIGN(const int64_t local, move_civil(zone.to_local(instant_us), 0, interval.days));
    instant_us = zone.to_instant(local);
  }
  return timestamp_in_range(static_cast<Int128>(instant_us) + interval.microseconds);
}

Result<Interval> infinite_difference(int64_t later_us, int64_t earlier_us) {
  if (later_us == earlier_us) return fail(ErrorCode::value_out_of_range, "interval out of range");
  const bool grows = later_us == timestamp_infinity || earlier_us == timestamp_minus_infinity;
  return grows ? interval_infinity : interval_minus_infinity;
}

Result<Interval> timestamp_difference(int64_t later_us, int64_t earlier_us) {
  if (is_infinite(later_us) || is_infinite(earlier_us)) {
    return infinite_difference(later_us, earlier_us);
  }
  int64_t difference = 0;
  if (__builtin_sub_overflow(later_us, earlier_us, &difference)) return timestamp_range();
  return Interval{0, static_cast<int32_t>(difference / us_per_day), difference % us_per_day};
}

}  // namespace sluice
