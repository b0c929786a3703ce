#include "values/time/calendar.hpp"

namespace sluice {

CivilDate civil_date_of(int64_t days) {
  constexpr int64_t days_per_era = 146'097;
  constexpr int64_t days_to_1970 = 719'468;
  const int64_t shifted = days + days_to_1970;
  const int64_t era = floor_divide(shifted, days_per_era);
  const auto day_of_era = static_cast<uint32_t>(shifted - era * days_per_era);
  const uint32_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const uint32_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint32_t month = (5 * day_of_year + 2) / 153;
  const uint32_t day = day_of_year - (153 * month + 2) / 5 + 1;
  const uint32_t civil_month = month < 10 ? month + 3 : month - 9;
  const int64_t year = era * 400 + year_of_era + (civil_month <= 2 ? 1 : 0);
  return {year, static_cast<int>(civil_month), static_cast<int>(day)};
}

CivilTime civil_time_of(int64_t timestamp_us) {
  const int64_t days = floor_divide(timestamp_us, us_per_day);
  const int64_t rest_us = timestamp_us - days * us_per_day;
  const auto seconds = static_cast<uint32_t>(rest_us / us_per_second);
  return {civil_date_of(days), static_cast<int>(seconds / 3600),
          static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
          static_cast<int>(rest_us % us_per_second)};
}

}  // namespace sluice
