#include "windows/time_grid.hpp"

#include <algorithm>

#include "values/time/calendar.hpp"
#include "windows/clock_reach.hpp"

namespace sluice {

namespace {

constexpr int64_t first_day = 10'957;  // 2000-01-01, since 1970
// Larger windows are taken for this large, so that no sum of a time and a size overflows.
constexpr int64_t largest_days = WindowAssigner::latest_time_us / us_per_day;

}  // namespace

TimeGrid::TimeGrid(const GridSizes& sizes, TypeKind time_type, const TimeZone& zone)
    : has_zone_(time_type == TypeKind::timestamptz),
      in_days_(sizes.calendar_days > 0),
      zone_(zone),
      day_starts_us_(in_days_ ? sizes.offset_us : 0) {
  if (in_days_) {
    size_ = std::min<int64_t>(sizes.calendar_days, largest_days);
    slide_ = sizes.slide_us / us_per_day;
  } else {
    size_ = std::min(sizes.size_us, WindowAssigner::latest_time_us);
    slide_ = std::min(sizes.slide_us, WindowAssigner::latest_time_us);
    origin_us_ =
        (has_zone_ ? first_reach(zone_, local_of_day(0)) : local_of_day(0)) + sizes.offset_us;
  }
}

int64_t TimeGrid::floor_to(int64_t value, int64_t width) {
  return floor_divide(value, width) * width;
}

int64_t TimeGrid::local_of_day(int64_t day) const {
  return (first_day + day) * us_per_day + day_starts_us_;
}

int64_t TimeGrid::start_of_place(int64_t place) const {
  if (!in_days_) return origin_us_ + place;
  return has_zone_ ? first_reach(zone_, local_of_day(place)) : local_of_day(place);
}

int64_t TimeGrid::end_before_place(int64_t place) const {
  if (!in_days_) return origin_us_ + place;
  return has_zone_ ? last_reach(zone_, local_of_day(place)) : local_of_day(place);
}

int64_t TimeGrid::place_of(int64_t time_us) const {
  if (!in_days_) return time_us - origin_us_;
  const int64_t local_us = has_zone_ ? zone_.to_local(time_us) : time_us;
  return floor_divide(local_us - day_starts_us_, us_per_day) - first_day;
}

int64_t TimeGrid::open_place_of(int64_t time_us) const {
  int64_t place = place_of(time_us);
  // Clocks that go back over midnight show the day before once more.
  while (in_days_ && end_before_place(place) > time_us) --place;
  return place;
}

WindowRun TimeGrid::run_around(int64_t time_us, int64_t from, int64_t to) const {
  WindowRun run;
  run.from_us = std::max(start_of_place(from), end_before_place(from));
  run.to_us = std::min(start_of_place(to), end_before_place(to));
  if (!run.holds(time_us)) run = {time_us, time_us + 1, 0, 0};
  return run;
}

}  // namespace sluice
