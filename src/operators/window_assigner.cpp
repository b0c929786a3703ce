#include "operators/window_assigner.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "data/calendar.hpp"

namespace sluice {

namespace {

constexpr int64_t first_day = 10'957;  // 2000-01-01, since 1970
// Larger windows are taken for this large, so that no sum of a time and a size overflows.
constexpr int64_t largest_days = WindowAssigner::latest_time_us / us_per_day;

int64_t floor_to(int64_t value, int64_t width) { return floor_divide(value, width) * width; }

}  // namespace

WindowAssigner::WindowAssigner(const WindowSettings& settings, const TimeZone& zone)
    : kind_(settings.kind),
      has_zone_(settings.time_type == TypeKind::timestamptz),
      in_days_(settings.calendar_days > 0),
      zone_(zone),
      day_starts_us_(in_days_ ? settings.offset_us : 0) {
  if (in_days_) {
    size_ = std::min<int64_t>(settings.calendar_days, largest_days);
    steps_in_days_ = settings.slide_us % us_per_day == 0;
    const bool slide_is_us = kind_ == WindowSettings::Kind::cumulate && !steps_in_days_;
    slide_ = slide_is_us ? settings.slide_us : settings.slide_us / us_per_day;
  } else {
    size_ = std::min(settings.size_us, latest_time_us);
    slide_ = std::min(settings.slide_us, latest_time_us);
    origin_us_ = time_of_day(0) + settings.offset_us;
  }
  if (kind_ == WindowSettings::Kind::tumble) slide_ = size_;
}

// When a calendar day of the zone starts, by its clocks; with an offset, also some days later.
int64_t WindowAssigner::time_of_day(int64_t day) const {
  const int64_t local_us = (first_day + day) * us_per_day + day_starts_us_;
  return has_zone_ ? zone_.to_instant(local_us) : local_us;
}

int64_t WindowAssigner::time_of(int64_t place) const {
  return in_days_ ? time_of_day(place) : origin_us_ + place;
}

int64_t WindowAssigner::place_of(int64_t time_us) const {
  if (!in_days_) return time_us - origin_us_;
  const int64_t local_us = has_zone_ ? zone_.to_local(time_us) : time_us;
  int64_t day = floor_divide(local_us - day_starts_us_, us_per_day) - first_day;
  // An hour that comes twice, or not at all, may lie on the boundary.
  while (time_us < time_of_day(day)) --day;
  while (time_us >= time_of_day(day + 1)) ++day;
  return day;
}

WindowRun WindowAssigner::sliding_run(int64_t time_us) const {
  const int64_t place = place_of(time_us);
  const int64_t last_start = floor_to(place, slide_);
  const int64_t last_end = last_start + size_;
  const int64_t first_end = last_end - floor_to(last_end - place - 1, slide_);
  const int64_t from = std::max(last_start, first_end - slide_);
  const int64_t to = std::min(last_start + slide_, first_end);
  return {time_of(from), time_of(to), time_of(first_end), time_of(last_end)};
}

WindowRun WindowAssigner::cumulating_run(int64_t time_us) const {
  const int64_t place = place_of(time_us);
  const int64_t start = floor_to(place, size_);
  const int64_t last_end_us = time_of(start + size_);
  if (!in_days_ || steps_in_days_) {
    const int64_t from = start + floor_to(place - start, slide_);
    const int64_t to = std::min(from + slide_, start + size_);
    return {time_of(from), time_of(to), time_of(to), last_end_us};
  }
  // Steps of time inside of days that may have 23 or 25 hours.
  const int64_t start_us = time_of(start);
  const int64_t from_us = start_us + floor_to(time_us - start_us, slide_);
  const int64_t to_us = std::min(from_us + slide_, last_end_us);
  return {from_us, to_us, to_us, last_end_us};
}

WindowRun WindowAssigner::run_of(int64_t time_us) const {
  switch (kind_) {
    case WindowSettings::Kind::tumble:
    case WindowSettings::Kind::hop:
      return sliding_run(time_us);
    case WindowSettings::Kind::cumulate:
      return cumulating_run(time_us);
    case WindowSettings::Kind::carried_end:
      return {time_us, time_us + 1, time_us, time_us};
    case WindowSettings::Kind::carried_start: {
      const int64_t end_us = time_of(place_of(time_us) + size_);
      return {time_us, time_us + 1, end_us, end_us};
    }
  }
  SLUICE_ASSERT(false, "unknown kind of window");
}

bool WindowAssigner::cut(WindowRun& run, int64_t horizon_us) const {
  if (horizon_us < run.first_end_us) return true;
  if (horizon_us >= run.last_end_us) return false;
  run.first_end_us = next_end(horizon_us);
  return true;
}

int64_t WindowAssigner::start_of(int64_t end_us) const {
  if (kind_ != WindowSettings::Kind::cumulate) return time_of(place_of(end_us) - size_);
  return time_of(floor_to(place_of(end_us - 1), size_));
}

}  // namespace sluice
