#include "values/time/civil_age.hpp"

#include <utility>

#include "values/time/calendar.hpp"
#include "values/time/datetime_arithmetic.hpp"

namespace sluice {

namespace {

bool is_infinite(int64_t time_us) {
  return time_us == timestamp_infinity || time_us == timestamp_minus_infinity;
}

}  // namespace

Result<Interval> civil_age(int64_t later_us, int64_t earlier_us) {
  if (is_infinite(later_us) || is_infinite(earlier_us)) {
    return infinite_difference(later_us, earlier_us);
  }
  const bool is_negative = later_us < earlier_us;
  const CivilDate first = civil_date_of(floor_divide(earlier_us, us_per_day));
  const CivilDate second = civil_date_of(floor_divide(later_us, us_per_day));
  const auto time_of = [](int64_t time_us) {
    return time_us - floor_divide(time_us, us_per_day) * us_per_day;
  };
  const int sign = is_negative ? -1 : 1;
  int64_t time_us = sign * (time_of(later_us) - time_of(earlier_us));
  int64_t days = sign * (second.day - first.day);
  int64_t months =
      sign * ((second.year - first.year) * months_per_year + second.month - first.month);
  if (time_us < 0) {
    time_us += us_per_day;
    --days;
  }
  // A month is borrowed with the length of the earlier time's.
  const CivilDate& borrowed = is_negative ? second : first;
  while (days < 0) {
    days += days_in_month(borrowed.year, borrowed.month);
    --months;
  }
  return Interval{static_cast<int32_t>(sign * months), static_cast<int32_t>(sign * days),
                  sign * time_us};
}

}  // namespace sluice
