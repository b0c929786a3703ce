// Calendar: days and months of the proleptic Gregorian calendar, year 0 = 1 BC, as PostgreSQL
// counts. Pure functions.
#pragma once

#include <cstdint>

namespace sluice {

constexpr int64_t us_per_second = 1'000'000;
constexpr int64_t us_per_minute = 60 * us_per_second;
constexpr int64_t us_per_hour = 60 * us_per_minute;
constexpr int64_t us_per_day = 24 * us_per_hour;
constexpr int64_t days_per_month = 30;  // where an interval's months must become days
constexpr int64_t months_per_year = 12;

// The dates PostgreSQL knows: 4714-11-24 BC to 5874897-12-31, as days since 1970-01-01.
constexpr int64_t first_date = -2'440'588;
constexpr int64_t last_date = 2'145'042'905;

struct CivilDate {
  int64_t year;  // 0 = 1 BC
  int month;     // 1..12
  int day;       // 1..31
};

// A moment of a day; from civil time as of type timestamp.
struct CivilTime {
  CivilDate date;
  int hour;
  int minute;
  int second;
  int microsecond;
};

constexpr int64_t floor_divide(int64_t value, int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

constexpr bool is_leap_year(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr int days_in_month(int64_t year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : days[month - 1];
}

// Days since 1970-01-01; the day need not lie within the month. Counted in years that start in
// March, so that the leap day comes last, and in eras of 400 years, which all have the same number
// of days.
constexpr int64_t days_of(const CivilDate& date) {
  const int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const int64_t era = floor_divide(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t month = (date.month + 9) % 12;
  const int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  constexpr int64_t days_per_era = 146'097;
  constexpr int64_t days_to_1970 = 719'468;
  return era * days_per_era + day_of_era - days_to_1970;
}

CivilDate civil_date_of(int64_t days);
CivilTime civil_time_of(int64_t timestamp_us);

}  // namespace sluice
