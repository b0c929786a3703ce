#include "values/time/interval_builder.hpp"

#include <cmath>

#include "values/time/calendar.hpp"

namespace sluice {

namespace {

struct UnitName {
  std::string_view word;
  IntervalUnit unit;
};

constexpr UnitName unit_names[] = {
    {"us", IntervalUnit::microsecond},
    {"usec", IntervalUnit::microsecond},
    {"usecs", IntervalUnit::microsecond},
    {"usecond", IntervalUnit::microsecond},
    {"useconds", IntervalUnit::microsecond},
    {"microsecon", IntervalUnit::microsecond},
    {"ms", IntervalUnit::millisecond},
    {"msec", IntervalUnit::millisecond},
    {"msecs", IntervalUnit::millisecond},
    {"msecond", IntervalUnit::millisecond},
    {"mseconds", IntervalUnit::millisecond},
    {"millisecon", IntervalUnit::millisecond},
    {"s", IntervalUnit::second},
    {"sec", IntervalUnit::second},
    {"secs", IntervalUnit::second},
    {"second", IntervalUnit::second},
    {"seconds", IntervalUnit::second},
    {"m", IntervalUnit::minute},
    {"min", IntervalUnit::minute},
    {"mins", IntervalUnit::minute},
    {"minute", IntervalUnit::minute},
    {"minutes", IntervalUnit::minute},
    {"h", IntervalUnit::hour},
    {"hr", IntervalUnit::hour},
    {"hrs", IntervalUnit::hour},
    {"hour", IntervalUnit::hour},
    {"hours", IntervalUnit::hour},
    {"d", IntervalUnit::day},
    {"day", IntervalUnit::day},
    {"days", IntervalUnit::day},
    {"w", IntervalUnit::week},
    {"week", IntervalUnit::week},
    {"weeks", IntervalUnit::week},
    {"mon", IntervalUnit::month},
    {"mons", IntervalUnit::month},
    {"month", IntervalUnit::month},
    {"months", IntervalUnit::month},
    {"y", IntervalUnit::year},
    {"yr", IntervalUnit::year},
    {"yrs", IntervalUnit::year},
    {"year", IntervalUnit::year},
    {"years", IntervalUnit::year},
    {"dec", IntervalUnit::decade},
    {"decs", IntervalUnit::decade},
    {"decade", IntervalUnit::decade},
    {"decades", IntervalUnit::decade},
    {"c", IntervalUnit::century},
    {"cent", IntervalUnit::century},
    {"century", IntervalUnit::century},
    {"centuries", IntervalUnit::century},
    {"mil", IntervalUnit::millennium},
    {"mils", IntervalUnit::millennium},
    {"millennium", IntervalUnit::millennium},
    {"millennia", IntervalUnit::millennium},
};

// sum += whole * per_unit; true when it does not fit.
bool add_product(int64_t& sum, int64_t whole, int64_t per_unit) {
  int64_t product = 0;
  return __builtin_mul_overflow(whole, per_unit, &product) ||
         __builtin_add_overflow(sum, product, &sum);
}

bool fits_int32(int64_t value) { return value == static_cast<int32_t>(value); }

}  // namespace

void IntervalBuilder::add(IntervalUnit unit, int64_t whole, double fraction) {
  switch (unit) {
    case IntervalUnit::microsecond:
      return add_microseconds(whole, 1, fraction);
    case IntervalUnit::millisecond:
      return add_microseconds(whole, us_per_second / 1000, fraction);
    case IntervalUnit::second:
      return add_microseconds(whole, us_per_second, fraction);
    case IntervalUnit::minute:
      return add_microseconds(whole, us_per_minute, fraction);
    case IntervalUnit::hour:
      return add_microseconds(whole, us_per_hour, fraction);
    case IntervalUnit::day:
      return add_days(whole, 1, fraction);
    case IntervalUnit::week:
      return add_days(whole, 7, fraction);
    case IntervalUnit::month:
      add_months(whole, 1, 0);
      return add_days(0, days_per_month, fraction);
    case IntervalUnit::year:
      return add_months(whole, months_per_year, fraction);
    case IntervalUnit::decade:
      return add_months(whole, 10 * months_per_year, fraction);
    case IntervalUnit::century:
      return add_months(whole, 100 * months_per_year, fraction);
    case IntervalUnit::millennium:
      return add_months(whole, 1000 * months_per_year, fraction);
  }
}

// Parts of a year are rounded to whole months; parts of a month and of a day are carried on.
void IntervalBuilder::add_months(int64_t whole, int64_t months_per_unit, double fraction) {
  overflows_ |= add_product(months_, whole, months_per_unit);
  const double part = std::rint(fraction * static_cast<double>(months_per_unit));
  overflows_ |= add_product(months_, static_cast<int64_t>(part), 1);
}

void IntervalBuilder::add_days(int64_t whole, int64_t days_per_unit, double fraction) {
  overflows_ |= add_product(days_, whole, days_per_unit);
  const double part = fraction * static_cast<double>(days_per_unit);
  const double whole_part = std::trunc(part);
  overflows_ |= add_product(days_, static_cast<int64_t>(whole_part), 1);
  add_microseconds(0, us_per_day, part - whole_part);
}

void IntervalBuilder::add_microseconds(int64_t whole, int64_t us_per_unit, double fraction) {
  overflows_ |= add_product(microseconds_, whole, us_per_unit);
  const double part = fraction * static_cast<double>(us_per_unit);
  auto rounded = static_cast<int64_t>(part);
  const double rest = part - static_cast<double>(rounded);
  if (rest > 0.5) ++rounded;
  if (rest < -0.5) --rounded;
  overflows_ |= add_product(microseconds_, rounded, 1);
}

void IntervalBuilder::negate() {
  overflows_ |= __builtin_sub_overflow(int64_t{0}, months_, &months_);
  overflows_ |= __builtin_sub_overflow(int64_t{0}, days_, &days_);
  overflows_ |= __builtin_sub_overflow(int64_t{0}, microseconds_, &microseconds_);
}

std::optional<Interval> IntervalBuilder::build() const {
  if (overflows_ || !fits_int32(months_) || !fits_int32(days_)) return std::nullopt;
  return Interval{static_cast<int32_t>(months_), static_cast<int32_t>(days_), microseconds_};
}

std::optional<IntervalUnit> find_interval_unit(std::string_view word) {
  const std::string_view letters = word.substr(0, compared_unit_letters);
  for (const UnitName& entry : unit_names) {
    if (entry.word == letters) return entry.unit;
  }
  return std::nullopt;
}

}  // namespace sluice
