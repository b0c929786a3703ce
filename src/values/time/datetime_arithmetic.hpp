// Arithmetic of dates, timestamps and intervals as PostgreSQL 17 does it. What is infinite stays
// infinite; of two infinities that would cancel out, nothing is known. Pure functions. Error:
// value_out_of_range.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "values/time/time_zone.hpp"
#include "values/type.hpp"

namespace sluice {

Result<int32_t> add_days(int32_t date, int64_t days);
Result<int32_t> days_between(int32_t later, int32_t earlier);

Result<int64_t> timestamp_of_date(int32_t date);
int32_t date_of_timestamp(int64_t timestamp_us);
Result<int64_t> timestamptz_of_date(int32_t date, const TimeZone& zone);
Result<int64_t> instant_of_local(int64_t local_us, const TimeZone& zone);
Result<int64_t> local_of_instant(int64_t instant_us, const TimeZone& zone);

// Months first (the day is cut to the month's last), then days, then time.
Result<int64_t> add_to_timestamp(int64_t timestamp_us, const Interval& interval);
// Months and days in the zone's civil time, time as time that passes.
Result<int64_t> add_to_timestamptz(int64_t instant_us, const Interval& interval,
                                   const TimeZone& zone);
// Days and time, no months.
Result<Interval> timestamp_difference(int64_t later_us, int64_t earlier_us);
// Of two times of which one at least is infinite.
Result<Interval> infinite_difference(int64_t later_us, int64_t earlier_us);

Result<Interval> add(const Interval& left, const Interval& right);
Result<Interval> subtract(const Interval& left, const Interval& right);
Result<Interval> negate(const Interval& interval);
// Fractions of months become days of 30 to the month, fractions of days become time.
Result<Interval> multiply(const Interval& interval, double factor);
Result<Interval> divide(const Interval& interval, double divisor);

}  // namespace sluice
