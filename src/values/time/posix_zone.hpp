// PosixZone: a time zone written out in POSIX' way, as PostgreSQL takes it: UTC+8, <+08>-08,
// EST5EDT, CET-1CEST,M3.5.0,M10.5.0/3. The hours count west of UTC. Summer time without rules
// follows those of the United States. Immutable.
#pragma once

#include <optional>
#include <string_view>

#include "values/time/zone_rules.hpp"

namespace sluice {

class PosixZone : public ZoneRules {
 public:
  // nullopt: it is no such text.
  static std::optional<PosixZone> parse(std::string_view text);

  int32_t offset_at(int64_t instant) const override;
  int32_t offset_of_local(int64_t local) const override;
  std::string abbreviation_at(int64_t instant) const override;
  std::vector<int64_t> transitions(int64_t from, int64_t until) const override;

 private:
  friend class PosixZoneReader;

  // The day of a year on which the clocks change, and when on it.
  struct Change {
    enum class Kind : uint8_t { day_without_leap_day, day_from_zero, weekday_of_month };
    Kind kind = Kind::day_from_zero;
    int month = 0;     // 1..12
    int week = 0;      // 1..5, 5 the last
    int day = 0;       // of the year, or of the week: 0 Sunday
    int64_t time = 0;  // seconds after midnight of the clock as it was
  };
  struct Clock {
    std::string name;
    int32_t offset = 0;
  };
  struct Transition {
    int64_t instant;
    bool to_summer;
  };

  static int64_t local_time_of(const Change& change, int64_t year);
  // Both of a year, ascending; none in a year that is all summer.
  std::vector<Transition> transitions_of(int64_t year) const;
  std::vector<Transition> transitions_between(int64_t from, int64_t until) const;
  bool is_summer(int64_t instant) const;

  Clock standard_;
  std::optional<Clock> summer_;
  Change to_summer_;
  Change to_standard_;
};

}  // namespace sluice
