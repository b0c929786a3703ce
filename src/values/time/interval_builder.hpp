// IntervalBuilder: sums the parts of an interval text, with fractions carried to smaller units as
// PostgreSQL does. Made for one text, used by one thread. An overflow is remembered until build().
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "values/type.hpp"

namespace sluice {

enum class IntervalUnit : uint8_t {
  microsecond,
  millisecond,
  second,
  minute,
  hour,
  day,
  week,
  month,
  year,
  decade,
  century,
  millennium,
};

class IntervalBuilder {
 public:
  // Adds (whole + fraction) units; both have the same sign.
  void add(IntervalUnit unit, int64_t whole, double fraction);
  void negate();
  // nullopt: outside the range of intervals.
  std::optional<Interval> build() const;

 private:
  void add_months(int64_t whole, int64_t months_per_unit, double fraction);
  void add_days(int64_t whole, int64_t days_per_unit, double fraction);
  void add_microseconds(int64_t whole, int64_t us_per_unit, double fraction);

  int64_t months_ = 0;
  int64_t days_ = 0;
  int64_t microseconds_ = 0;
  bool overflows_ = false;
};

// Of the word of a unit, as in PostgreSQL.
constexpr size_t compared_unit_letters = 10;
// "hours", "min", "mons": a lower-case word of an interval. nullopt: no unit.
std::optional<IntervalUnit> find_interval_unit(std::string_view word);

// ISO 8601: P1Y2M3DT4H5M6.7S, P1W, P0001-02-03T04:05:06. nullopt: not of this form.
std::optional<IntervalBuilder> parse_iso_interval(std::string_view text);

}  // namespace sluice
