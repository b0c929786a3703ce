// TimeGrid: the places that windows of fixed sizes start and end at. Sizes of whole days are
// calendar days of the session zone, counted from 2000-01-01: a time counts on the day that the
// zone's clocks show, whether midnight comes once, twice or never. Such a window starts when the
// clocks first reach its first day and ends when they have left its last one for good. All others
// are aligned to that zone's midnight of 2000-01-01. An offset moves all of them: days by the
// zone's clocks, others by its exact time. Immutable; any thread.
#pragma once

#include "values/time/time_zone.hpp"
#include "values/type.hpp"
#include "windows/window_assigner.hpp"

namespace sluice {

struct GridSizes {
  int64_t size_us = 0;   // the largest
  int64_t slide_us = 0;  // hop: slide; cumulate: step; tumble: = size
  int64_t offset_us = 0;
  int32_t calendar_days = 0;  // > 0: size in calendar days, size_us is unused. Slides of hop are
                              // whole days then, too
};

// Places: microseconds since the origin, or calendar days since 2000-01-01.
class TimeGrid {
 public:
  // timestamp: no zone applies.
  TimeGrid(const GridSizes& sizes, TypeKind time_type, const TimeZone& zone);

  bool is_in_days() const { return in_days_; }
  // In places.
  int64_t size() const { return size_; }
  int64_t slide() const { return slide_; }

  int64_t place_of(int64_t time_us) const;
  // When a window starts whose first place it is, and when one ends that lies before it.
  int64_t start_of_place(int64_t place) const;
  int64_t end_before_place(int64_t place) const;
  // The first place from the time's own back whose end is not past it.
  int64_t open_place_of(int64_t time_us) const;
  // The times around one that have its run: the places [from, to), without the times at which
  // clocks that go back show one of them and another.
  WindowRun run_around(int64_t time_us, int64_t from, int64_t to) const;

  // To a multiple of the width, downwards.
  static int64_t floor_to(int64_t value, int64_t width);

 private:
  int64_t local_of_day(int64_t day) const;

  bool has_zone_;
  bool in_days_;
  TimeZone zone_;
  int64_t day_starts_us_;  // the offset, by the zone's clocks; 0 unless in_days_
  int64_t origin_us_ = 0;
  int64_t size_ = 0;
  int64_t slide_ = 0;
};

}  // namespace sluice
