// WindowAssigner: which windows an event time falls into, of kinds that know them by the time
// alone. The windows of one time are a run: all whose end lies from the first to the last; times
// with the same run form a slice, and are kept together. Made by a Window; immutable, any thread.
#pragma once

#include <cstdint>

namespace sluice {

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

  virtual ~WindowAssigner() = default;

  virtual WindowRun run_of(int64_t time_us) const = 0;
  // The first run with windows that end after the time.
  virtual WindowRun open_run(int64_t time_us) const = 0;
  // The start of the window that ends there.
  virtual int64_t start_of(int64_t end_us) const = 0;

  // The end of the window that follows the one that ends at `end_us`, among those of one run.
  int64_t next_end(int64_t end_us) const { return open_run(end_us).first_end_us; }
  // The run without the windows that end at or before the horizon. False: none is left.
  bool cut(WindowRun& run, int64_t horizon_us) const {
    if (horizon_us < run.first_end_us) return true;
    if (horizon_us >= run.last_end_us) return false;
    run.first_end_us = next_end(horizon_us);
    return true;
  }
};

}  // namespace sluice
