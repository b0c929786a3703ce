// The part of datetime_arithmetic.hpp about intervals alone.
#include <cmath>

#include "values/ordering.hpp"
#include "values/time/calendar.hpp"
#include "values/time/datetime_arithmetic.hpp"
#include "values/time/infinite_interval.hpp"

namespace sluice {

namespace {

Unexpected interval_range() { return fail(ErrorCode::value_out_of_range, "interval out of range"); }

bool fits_int32(double value) { return value >= -2147483648.0 && value < 2147483648.0; }
bool fits_int64(double value) {
  return value >= -9223372036854775808.0 && value < 9223372036854775808.0;
}

// To whole microseconds of a second, as PostgreSQL rounds what spills over.
double round_spill(double value) { return std::rint(value * 1e6) / 1e6; }

Interval opposite(const Interval& infinite) {
  return infinite == interval_infinity ? interval_minus_infinity : interval_infinity;
}

Result<Interval> finite(const Interval& interval) {
  if (is_infinite(interval)) return interval_range();
  return interval;
}

// Of an infinite interval and a factor, or of a finite interval and an infinite factor.
Result<Interval> multiply_infinite(const Interval& interval, double factor) {
  const auto sign = IntervalOrdering::compare(interval, Interval{});
  if (sign == 0 || factor == 0) return interval_range();
  return (sign > 0) == (factor > 0) ? interval_infinity : interval_minus_infinity;
}

// Parts that became fractions cascade down: months to days, days to time.
Result<Interval> cascade(double months, double days, double microseconds) {
  if (!fits_int32(months) || !fits_int32(days)) return interval_range();
  const auto whole_months = static_cast<int32_t>(months);
  const auto whole_days = static_cast<int32_t>(days);
  const double spilled_days = round_spill((months - whole_months) * days_per_month);
  constexpr double day_seconds = 86400.0;
  const int spilled_whole_days = static_cast<int>(spilled_days);
  double seconds =
      round_spill((days - whole_days + spilled_days - spilled_whole_days) * day_seconds);
  int64_t result_days = whole_days;
  if (std::fabs(seconds) >= day_seconds) {
    const int extra_days = static_cast<int>(seconds / day_seconds);
    result_days += extra_days;
    seconds -= extra_days * day_seconds;
  }
  result_days += spilled_whole_days;
  const double time = std::rint(microseconds + seconds * us_per_second);
  if (!fits_int64(time) || !fits_int32(static_cast<double>(result_days))) return interval_range();
  return finite({whole_months, static_cast<int32_t>(result_days), static_cast<int64_t>(time)});
}

}  // namespace

Result<Interval> add(const Interval& left, const Interval& right) {
  if (is_infinite(left) || is_infinite(right)) {
    const Interval& infinite = is_infinite(left) ? left : right;
    if (left == opposite(infinite) || right == opposite(infinite)) return interval_range();
    return infinite;
  }
  Interval sum;
  if (__builtin_add_overflow(left.months, right.months, &sum.months) ||
      __builtin_add_overflow(left.days, right.days, &sum.days) ||
      __builtin_add_overflow(left.microseconds, right.microseconds, &sum.microseconds)) {
    return interval_range();
  }
  return finite(sum);
}

Result<Interval> subtract(const Interval& left, const Interval& right) {
  if (is_infinite(right)) return add(left, opposite(right));
  if (is_infinite(left)) return left;
  Interval difference;
  if (__builtin_sub_overflow(left.months, right.months, &difference.months) ||
      __builtin_sub_overflow(left.days, right.days, &difference.days) ||
      __builtin_sub_overflow(left.microseconds, right.microseconds, &difference.microseconds)) {
    return interval_range();
  }
  return finite(difference);
}

Result<Interval> negate(const Interval& interval) { return subtract(Interval{}, interval); }

Result<Interval> multiply(const Interval& interval, double factor) {
  if (std::isnan(factor)) return interval_range();
  if (is_infinite(interval) || std::isinf(factor)) return multiply_infinite(interval, factor);
  return cascade(interval.months * factor, interval.days * factor,
                 static_cast<double>(interval.microseconds) * factor);
}

Result<Interval> divide(const Interval& interval, double divisor) {
  if (divisor == 0) return fail(ErrorCode::division_by_zero, "division by zero");
  if (std::isnan(divisor)) return interval_range();
  if (is_infinite(interval)) {
    return std::isinf(divisor) ? interval_range() : multiply_infinite(interval, divisor);
  }
  return cascade(interval.months / divisor, interval.days / divisor,
                 static_cast<double>(interval.microseconds) / divisor);
}

}  // namespace sluice
