// PlanWindow: the windows that an operation of the plan assigns its rows to, or finds in them.
#pragma once

#include <string>

#include "plan/properties.hpp"

namespace sluice {

struct PlanWindow {
  enum class Source : uint8_t {
    assigned_here,  // from `time_column` by kind, size, slide, offset
    carried,        // the input is a windowed result: its columns hold the window
  };
  Source source = Source::assigned_here;
  WindowKind kind = WindowKind::tumble;
  int64_t size_us = 0;
  int64_t slide_us = 0;
  int64_t offset_us = 0;
  int32_t calendar_days = 0;  // size in calendar days of the session zone; size_us is unused then
  // Of the input. carried: its window_end, or its window_start when it has no end.
  size_t time_column = 0;
  int64_t lag_us = 0;  // of that column: a window fires at watermark >= window_end + lag
  bool time_is_window_start = false;  // carried, without an end: window_end = value + size
};

// The longest that it may last, by rows' time.
int64_t longest_us(const PlanWindow& window);

// Its windows, without the columns that hold them.
WindowedResult result_of(const PlanWindow& window);

// "TUMBLE ts size 1m slide 1m": for the plan's text.
std::string short_text(const PlanWindow& window, const std::string& time);
// All that decides which windows there are, over a canonical text of the time column.
std::string canonical_text(const PlanWindow& window, const std::string& time);

}  // namespace sluice
