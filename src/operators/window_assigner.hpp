// WindowAssigner: which windows an event time falls into, in terms of slices: slice = gcd(size,
// slide); an event belongs to one slice, a window is a run of slices. Windows of whole days are
// calendar days of the session zone; all others are aligned to that zone's midnight of 2000-01-01.
// Immutable; any thread.
#pragma once

#include <cstdint>

#include "data/time_zone.hpp"
#include "data/type.hpp"

namespace sluice {

struct WindowBounds {
  int64_t start_us;
  int64_t end_us;
  bool operator==(const WindowBounds&) const = default;
};

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
                              // step of cumulate is slide_us
  TypeKind time_type = TypeKind::timestamptz;  // timestamp: no zone applies
};

class WindowAssigner {
 public:
  WindowAssigner(const WindowSettings& settings, const TimeZone& zone);

  // The slice that holds the time.
  WindowBounds slice_of(int64_t time_us) const;
  // The first window (by end) that holds the slice, and the next one that does; false when there is
  // none.
  WindowBounds first_window(const WindowBounds& slice) const;
  bool next_window(const WindowBounds& slice, WindowBounds& window) const;
  // End of the last window that holds the slice: its state may go when no such window can change
  // any more.
  int64_t last_end(const WindowBounds& slice) const;

 private:
  int64_t floor_to(int64_t time_us, int64_t width_us) const;
  WindowBounds day_window(int64_t time_us) const;

  WindowSettings settings_;
  TimeZone zone_;
  int64_t origin_us_ = 0;
  int64_t slice_us_ = 0;
};

}  // namespace sluice
