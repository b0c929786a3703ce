#include "values/time/datetime_unit.hpp"

#include <algorithm>
#include <string>

#include "values/text/characters.hpp"

namespace sluice {

namespace {

struct Entry {
  std::string_view name;
  DateTimeUnit unit;
};

// PostgreSQL compares ten letters.
constexpr size_t compared_letters = 10;

constexpr Entry entries[] = {
    {"microsecon", DateTimeUnit::microseconds},
    {"us", DateTimeUnit::microseconds},
    {"usec", DateTimeUnit::microseconds},
    {"usecs", DateTimeUnit::microseconds},
    {"usecond", DateTimeUnit::microseconds},
    {"useconds", DateTimeUnit::microseconds},
    {"millisecon", DateTimeUnit::milliseconds},
    {"ms", DateTimeUnit::milliseconds},
    {"msec", DateTimeUnit::milliseconds},
    {"msecs", DateTimeUnit::milliseconds},
    {"msecond", DateTimeUnit::milliseconds},
    {"mseconds", DateTimeUnit::milliseconds},
    {"s", DateTimeUnit::second},
    {"sec", DateTimeUnit::second},
    {"secs", DateTimeUnit::second},
    {"second", DateTimeUnit::second},
    {"seconds", DateTimeUnit::second},
    {"m", DateTimeUnit::minute},
    {"min", DateTimeUnit::minute},
    {"mins", DateTimeUnit::minute},
    {"minute", DateTimeUnit::minute},
    {"minutes", DateTimeUnit::minute},
    {"h", DateTimeUnit::hour},
    {"hour", DateTimeUnit::hour},
    {"hours", DateTimeUnit::hour},
    {"hr", DateTimeUnit::hour},
    {"hrs", DateTimeUnit::hour},
    {"d", DateTimeUnit::day},
    {"day", DateTimeUnit::day},
    {"days", DateTimeUnit::day},
    {"w", DateTimeUnit::week},
    {"week", DateTimeUnit::week},
    {"weeks", DateTimeUnit::week},
    {"mon", DateTimeUnit::month},
    {"mons", DateTimeUnit::month},
    {"month", DateTimeUnit::month},
    {"months", DateTimeUnit::month},
    {"qtr", DateTimeUnit::quarter},
    {"quarter", DateTimeUnit::quarter},
    {"y", DateTimeUnit::year},
    {"year", DateTimeUnit::year},
    {"years", DateTimeUnit::year},
    {"yr", DateTimeUnit::year},
    {"yrs", DateTimeUnit::year},
    {"dec", DateTimeUnit::decade},
    {"decade", DateTimeUnit::decade},
    {"decades", DateTimeUnit::decade},
    {"decs", DateTimeUnit::decade},
    {"c", DateTimeUnit::century},
    {"cent", DateTimeUnit::century},
    {"centuries", DateTimeUnit::century},
    {"century", DateTimeUnit::century},
    {"mil", DateTimeUnit::millennium},
    {"mils", DateTimeUnit::millennium},
    {"millennia", DateTimeUnit::millennium},
    {"millennium", DateTimeUnit::millennium},
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

}  // namespace

std::optional<DateTimeUnit> find_datetime_unit(std::string_view name) {
  char lower[compared_letters];
  const size_t size = std::min(name.size(), compared_letters);
  std::transform(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(size), lower,
                 ascii_lower);
  for (const Entry& entry : entries) {
    if (entry.name == std::string_view(lower, size)) return entry.unit;
  }
  return std::nullopt;
}

}  // namespace sluice
