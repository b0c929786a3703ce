// WindowAssigner: which windows an event time falls into. The windows of one time are a run: all
// whose end lies from the first to the last; times with the same run form a slice, and are kept
// together. Windows of whole days are calendar days of the session zone, counted from 2000-01-01: a
// time counts on the day that the zone's clocks show, whether midnight comes once, twice or never.
// Such a window starts when the clocks first reach its first day and ends when they have left its
// last one for good. All others are aligned to that zone's midnight of 2000-01-01. An offset moves
// all of them: days by the zone's clocks, others by its exact time. Immutable; any thread.
#pragma once

#include <cstdint>

#include "data/time_zone.hpp"
#include "data/type.hpp"

namespace sluice {

struct WindowSettings {
  enum class Kind : uint8_t {
    tumble,
    hop,
    cumulate,
    carried_end,    // the time column holds the end of a window made before
    carried_start,  // the time column holds its start
  };
  Kind kind = Kind::tumble;
  int64_t size_us = 0;   // of cumulate: the largest
  int64_t slide_us = 0;  // hop: slide; cumulate: step; tumble: = size
  int64_t offset_us = 0;
  int32_t calendar_days = 0;  // > 0: size in calendar days; slide of hop is whole days then too,
                              // step of cumulate is slide_us, calendar days if it is whole days
  TypeKind time_type = TypeKind::timestamptz;  // timestamp: no zone applies
};

// The windows of a time, by their ends, and times [from, to) around it that have the same.
struct WindowRun {
  int64_t from_us = 0;
  int64_t to_us = 0;
  int64_t first_end_us = 0;
  int64_t last_end_us = 0;

  // No window: the time lies between two that are further apart than they are long.
  bool is_empty() const { return first_end_us > last_end_us; }
  bool holds(int64_t time_us) const { return time_us >= from_us && time_us < to_us; }
  bool operator==(const WindowRun&) const = default;
};

class WindowAssigner {
 public:
  // Times beyond these, infinite ones too, are in no window.
  static constexpr int64_t latest_time_us = int64_t{1} << 61;
  static bool is_in_range(int64_t time_us) {
    return time_us < latest_time_us && time_us > -latest_time_us;
  }

  WindowAssigner(const WindowSettings& settings, const TimeZone& zone);

  WindowRun run_of(int64_t time_us) const;
  // The first run with windows that end after the time.
  WindowRun open_run(int64_t time_us) const;
  // The run without the windows that end at or before the horizon. False: none is left.
  bool cut(WindowRun& run, int64_t horizon_us) const;
  // The end of the window that follows the one that ends at `end_us`, among those of one run.
  int64_t next_end(int64_t end_us) const { return open_run(end_us).first_end_us; }
  // The start of the window that ends there.
  int64_t start_of(int64_t end_us) const;

 private:
  // Places on the grid of windows: microseconds since the origin, or calendar days since
  // 2000-01-01.
  int64_t place_of(int64_t time_us) const;
  int64_t local_of_day(int64_t day) const;
  // When a window starts whose first place it is, and when one ends that lies before it.
  int64_t start_of_place(int64_t place) const;
  int64_t end_before_place(int64_t place) const;
  WindowRun run_of_place(int64_t time_us, int64_t place) const;
  WindowRun run_around(int64_t time_us, int64_t from, int64_t to) const;
  WindowRun sliding_run(int64_t time_us, int64_t place) const;
  WindowRun cumulating_run(int64_t time_us, int64_t place) const;

  WindowSettings::Kind kind_;
  bool has_zone_;
  bool in_days_;
  TimeZone zone_;
  int64_t day_starts_us_;  // the offset, by the zone's clocks; 0 unless in_days_
  int64_t origin_us_ = 0;
  int64_t size_ = 0;   // in places
  int64_t slide_ = 0;  // in places; cumulate: see steps_in_days_
  bool steps_in_days_ = false;
};

}  // namespace sluice
