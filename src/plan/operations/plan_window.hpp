// PlanWindow: the windows that an operation of the plan assigns its rows to, or finds in them.
#pragma once

#include <string>

#include "plan/properties.hpp"

namespace sluice {

struct PlanWindow {
  WindowPtr window;
  size_t time_column = 0;  // of the input; of carried windows: what holds their end, or start
  Columns partition;       // of the input; of windows that depend on rows: those of one key merge
  int64_t lag_us = 0;      // a window fires at watermark >= window_end + lag
};

// "tumble ts size 1m slide 1m": for the plan's text.
std::string short_text(const PlanWindow& window, const std::vector<std::string>& names);

}  // namespace sluice
