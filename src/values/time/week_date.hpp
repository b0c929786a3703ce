// Weeks of ISO 8601: they start on Monday, and the year's first one holds January 4th. Days are
// counted since 1970-01-01. Pure functions.
#pragma once

#include <cstdint>

#include "values/time/calendar.hpp"

namespace sluice {

// 0 = Sunday.
constexpr int day_of_week(int64_t day) {
  constexpr int64_t thursday = 4;  // 1970-01-01
  const int64_t shifted = day + thursday;
  return static_cast<int>(shifted - floor_divide(shifted, 7) * 7);
}
// 1 = Monday … 7 = Sunday.
constexpr int iso_day_of_week(int64_t day) {
  const int weekday = day_of_week(day);
  return weekday == 0 ? 7 : weekday;
}
constexpr int64_t monday_of(int64_t day) { return day - iso_day_of_week(day) + 1; }
// 1 = January 1st.
constexpr int day_of_year(int64_t day, int64_t year) {
  return static_cast<int>(day - days_of({year, 1, 1})) + 1;
}

// A week belongs to the year of its Thursday. 0 = 1 BC.
inline int64_t iso_year_of(int64_t day) { return civil_date_of(monday_of(day) + 3).year; }
inline int iso_week_of(int64_t day) {
  const int64_t thursday = monday_of(day) + 3;
  return (day_of_year(thursday, civil_date_of(thursday).year) - 1) / 7 + 1;
}
// The Monday of a week of an ISO year.
constexpr int64_t day_of_iso_week(int64_t year, int64_t week) {
  return monday_of(days_of({year, 1, 4})) + (week - 1) * 7;
}

// The same of the parts of an interval, whose days may lie far from its year: PostgreSQL looks into
// the years beside it and no further. Of dates, nothing else than above.
constexpr int64_t iso_year_near(int64_t year, int64_t day) {
  if (day < day_of_iso_week(year, 1)) return year - 1;
  return day >= day_of_iso_week(year + 1, 1) ? year + 1 : year;
}
constexpr int64_t iso_week_near(int64_t year, int64_t day) {
  return (day - day_of_iso_week(iso_year_near(year, day), 1)) / 7 + 1;
}
constexpr int64_t iso_day_of_year_near(int64_t year, int64_t day) {
  return day - day_of_iso_week(iso_year_near(year, day), 1) + 1;
}

// Julian day number, as PostgreSQL counts.
constexpr int64_t julian_day_of(int64_t day) { return day + 2'440'588; }

}  // namespace sluice
