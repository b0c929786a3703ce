#include "operators/window_assigner.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "data/calendar.hpp"
#include "operators/windows/clock_reach.hpp"

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
    origin_us_ =
        (has_zone_ ? first_reach(zone_, local_of_day(0)) : local_of_day(0)) + settings.offset_us;
  }
  if (kind_ == WindowSettings::Kind::tumble) slide_ = size_;
}

int64_t WindowAssigner::local_of_day(int64_t day) const {
  return (first_day + day) * us_per_day + day_starts_us_;
}

int64_t WindowAssigner::start_of_place(int64_t place) const {
  if (!in_days_) return origin_us_ + place;
  return has_zone_ ? first_reach(zone_, local_of_day(place)) : local_of_day(place);
}

int64_t WindowAssigner::end_before_place(int64_t place) const {
  if (!in_days_) return origin_us_ + place;
  return has_zone_ ? last_reach(zone_, local_of_day(place)) : local_of_day(place);
}

int64_t WindowAssigner::place_of(int64_t time_us) const {
  if (!in_days_) return time_us - origin_us_;
  const int64_t local_us = has_zone_ ? zone_.to_local(time_us) : time_us;
  return floor_divide(local_us - day_starts_us_, us_per_day) - first_day;
}

// The times around one that have its run: the places [from, to), without the times at which clocks
// that go back show one of them and another.
WindowRun WindowAssigner::run_around(int64_t time_us, int64_t from, int64_t to) const {
  WindowRun run;
  run.from_us = std::max(start_of_place(from), end_before_place(from));
  run.to_us = std::min(start_of_place(to), end_before_place(to));
  if (!run.holds(time_us)) run = {time_us, time_us + 1, 0, 0};
  return run;
}

WindowRun WindowAssigner::sliding_run(int64_t time_us, int64_t place) const {
  const int64_t last_start = floor_to(place, slide_);
  const int64_t last_end = last_start + size_;
  const int64_t first_end = last_end - floor_to(last_end - place - 1, slide_);
  const int64_t from = std::max(last_start, first_end - slide_);
  WindowRun run = run_around(time_us, from, std::min(last_start + slide_, first_end));
  run.first_end_us = end_before_place(first_end);
  run.last_end_us = end_before_place(last_end);
  return run;
}

WindowRun WindowAssigner::cumulating_run(int64_t time_us, int64_t place) const {
  const int64_t start = floor_to(place, size_);
  const int64_t last_end_us = end_before_place(start + size_);
  if (!in_days_ || steps_in_days_) {
    const int64_t from = start + floor_to(place - start, slide_);
    const int64_t to = std::min(from + slide_, start + size_);
    WindowRun run = run_around(time_us, from, to);
    run.first_end_us = end_before_place(to);
    run.last_end_us = last_end_us;
    return run;
  }
  // Steps of time inside of days that may have 23 or 25 hours.
  const int64_t start_us = start_of_place(start);
  const int64_t from_us = start_us + floor_to(time_us - start_us, slide_);
  const int64_t to_us = std::min(from_us + slide_, last_end_us);
  const WindowRun whole = run_around(time_us, start, start + size_);
  return {std::max(from_us, whole.from_us), std::min(to_us, whole.to_us), to_us, last_end_us};
}

WindowRun WindowAssigner::run_of(int64_t time_us) const {
  return run_of_place(time_us, place_of(time_us));
}

WindowRun WindowAssigner::open_run(int64_t time_us) const {
  int64_t place = place_of(time_us);
  // Clocks that go back over midnight show the day before once more.
  while (in_days_ && end_before_place(place) > time_us) --place;
  return run_of_place(time_us, place);
}

WindowRun WindowAssigner::run_of_place(int64_t time_us, int64_t place) const {
  switch (kind_) {
    case WindowSettings::Kind::tumble:
    case WindowSettings::Kind::hop:
      return sliding_run(time_us, place);
    case WindowSettings::Kind::cumulate:
      return cumulating_run(time_us, place);
    case WindowSettings::Kind::carried_end:
      return {time_us, time_us + 1, time_us, time_us};
    case WindowSettings::Kind::carried_start: {
      const int64_t end_us = end_before_place(place + size_);
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
  // Of the last time that is in it; the end itself may lie days later by the clocks.
  const int64_t place = place_of(end_us - 1);
  if (kind_ == WindowSettings::Kind::cumulate) return start_of_place(floor_to(place, size_));
  const int64_t start = place + 1 - size_;
  // Clocks that leap over the window's last days never show its last place.
  const bool may_leap =
      in_days_ && (kind_ == WindowSettings::Kind::tumble || kind_ == WindowSettings::Kind::hop);
  return start_of_place(may_leap ? -floor_to(-start, slide_) : start);
}

}  // namespace sluice
