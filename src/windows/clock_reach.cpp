#include "windows/clock_reach.hpp"

#include <algorithm>
#include <optional>

#include "values/time/calendar.hpp"
#include "values/type.hpp"

namespace sluice {

namespace {

// Clocks are changed at most once in twice that time.
constexpr int64_t around_us = us_per_day;

struct Change {
  int64_t at_us;
  // When the clocks would read the local time by the offset from before the change, and after it.
  int64_t before_us;
  int64_t after_us;
};

// The change of clocks near a local time; none: there is none, and `at_us` is the only instant.
std::optional<Change> change_near(const TimeZone& zone, int64_t local_us, int64_t at_us) {
  int64_t from_us = at_us - around_us;
  int64_t to_us = at_us + around_us;
  const int32_t before_s = zone.offset_seconds_at(from_us);
  const int32_t after_s = zone.offset_seconds_at(to_us);
  if (before_s == after_s) return std::nullopt;
  while (to_us - from_us > 1) {
    const int64_t middle_us = from_us + (to_us - from_us) / 2;
    (zone.offset_seconds_at(middle_us) == before_s ? from_us : to_us) = middle_us;
  }
  return Change{to_us, local_us - before_s * us_per_second, local_us - after_s * us_per_second};
}

bool is_infinite(int64_t time_us) {
  return time_us == timestamp_infinity || time_us == timestamp_minus_infinity;
}

}  // namespace

int64_t first_reach(const TimeZone& zone, int64_t local_us) {
  const int64_t at_us = zone.to_instant(local_us);
  if (is_infinite(at_us)) return at_us;
  const auto change = change_near(zone, local_us, at_us);
  if (!change) return at_us;
  return change->before_us < change->at_us ? change->before_us
                                           : std::max(change->at_us, change->after_us);
}

int64_t last_reach(const TimeZone& zone, int64_t local_us) {
  const int64_t at_us = zone.to_instant(local_us);
  if (is_infinite(at_us)) return at_us;
  const auto change = change_near(zone, local_us, at_us);
  if (!change) return at_us;
  return change->after_us > change->at_us ? change->after_us
                                          : std::min(change->at_us, change->before_us);
}

}  // namespace sluice
