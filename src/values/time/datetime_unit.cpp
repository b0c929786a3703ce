#include "values/time/datetime_unit.hpp"

#include <algorithm>
#include <string>

#include "values/text/characters.hpp"
#include "values/time/interval_builder.hpp"

namespace sluice {

namespace {

struct Entry {
  std::string_view name;
  DateTimeUnit unit;
};

// Those that are no units of intervals.
constexpr Entry entries[] = {
    {"qtr", DateTimeUnit::quarter},
    {"quarter", DateTimeUnit::quarter},
    {"dow", DateTimeUnit::day_of_week},
    {"isodow", DateTimeUnit::iso_day_of_week},
    {"doy", DateTimeUnit::day_of_year},
    {"isoyear", DateTimeUnit::iso_year},
    {"j", DateTimeUnit::julian},
    {"jd", DateTimeUnit::julian},
    {"julian", DateTimeUnit::julian},
    {"epoch", DateTimeUnit::epoch},
    {"timezone", DateTimeUnit::timezone},
    {"timezone_h", DateTimeUnit::timezone_hour},
    {"timezone_m", DateTimeUnit::timezone_minute},
};

DateTimeUnit unit_of(IntervalUnit unit) {
  switch (unit) {
    case IntervalUnit::microsecond:
      return DateTimeUnit::microseconds;
    case IntervalUnit::millisecond:
      return DateTimeUnit::milliseconds;
    case IntervalUnit::second:
      return DateTimeUnit::second;
    case IntervalUnit::minute:
      return DateTimeUnit::minute;
    case IntervalUnit::hour:
      return DateTimeUnit::hour;
    case IntervalUnit::day:
      return DateTimeUnit::day;
    case IntervalUnit::week:
      return DateTimeUnit::week;
    case IntervalUnit::month:
      return DateTimeUnit::month;
    case IntervalUnit::year:
      return DateTimeUnit::year;
    case IntervalUnit::decade:
      return DateTimeUnit::decade;
    case IntervalUnit::century:
      return DateTimeUnit::century;
    case IntervalUnit::millennium:
      break;
  }
  return DateTimeUnit::millennium;
}

}  // namespace

std::optional<DateTimeUnit> find_datetime_unit(std::string_view name) {
  char letters[compared_unit_letters];
  const size_t size = std::min(name.size(), compared_unit_letters);
  std::transform(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(size), letters,
                 ascii_lower);
  const std::string_view lower(letters, size);
  if (const auto unit = find_interval_unit(lower)) return unit_of(*unit);
  for (const Entry& entry : entries) {
    if (entry.name == lower) return entry.unit;
  }
  return std::nullopt;
}

}  // namespace sluice
