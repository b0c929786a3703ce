// Windows of fixed sizes, as tests write them. Plain functions.
#pragma once

#include "windows/kinds/carried.hpp"
#include "windows/kinds/cumulate.hpp"
#include "windows/kinds/hop.hpp"
#include "windows/kinds/tumble.hpp"
#include "windows/window_functions.hpp"

namespace sluice::test {

constexpr int64_t second_us = 1'000'000;
constexpr int64_t minute_us = 60 * second_us;
constexpr int64_t hour_us = 60 * minute_us;

// Windows as tests change and combine them.
struct WindowSettings : GridSizes {
  enum class Kind : uint8_t { tumble, hop, cumulate, carried_end };
  Kind kind = Kind::tumble;
  TypeKind time_type = TypeKind::timestamptz;

  WindowPtr window() const {
    switch (kind) {
      case Kind::tumble:
        return tumbling_windows(*this);
      case Kind::hop:
        return hopping_windows(*this);
      case Kind::cumulate:
        return cumulating_windows(*this);
      case Kind::carried_end:
        return carried_windows(tumbling_windows(*this), CarriedBy::end);
    }
    return nullptr;
  }
  std::unique_ptr<const WindowAssigner> assigner(const TimeZone& zone) const {
    return window()->assigner(time_type, zone);
  }
};

inline WindowSettings tumble(int64_t size_us) {
  WindowSettings window;
  window.size_us = window.slide_us = size_us;
  return window;
}

inline WindowSettings hop(int64_t slide_us, int64_t size_us) {
  WindowSettings window;
  window.kind = WindowSettings::Kind::hop;
  window.slide_us = slide_us;
  window.size_us = size_us;
  return window;
}

inline WindowSettings cumulate(int64_t step_us, int64_t size_us) {
  WindowSettings window = hop(step_us, size_us);
  window.kind = WindowSettings::Kind::cumulate;
  return window;
}

inline WindowSettings calendar(WindowSettings window, int32_t days) {
  window.calendar_days = days;
  window.size_us = 0;
  return window;
}

// Of what SQL calls so: over one hour, two hours and so on, as many as it needs.
inline WindowPtr example_of(const WindowFunction& function) {
  std::vector<WindowDuration> durations;
  for (size_t i = 0; i < function.least_durations; ++i)
    durations.push_back({0, static_cast<int64_t>(i + 1) * hour_us});
  MadeWindow made = function.make(durations);
  const auto* window = std::get_if<WindowPtr>(&made);
  return window == nullptr ? nullptr : *window;
}

}  // namespace sluice::test
