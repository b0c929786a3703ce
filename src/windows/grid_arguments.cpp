#include "windows/grid_arguments.hpp"

#include "windows/duration_text.hpp"

namespace sluice {

std::optional<WindowProblem> check_one_kind(const PlacedDuration& duration) {
  if (!duration.value.is_days() || duration.value.microseconds == 0) return std::nullopt;
  return WindowProblem{duration.place, "a window's size is whole days or a time, not both",
                       "write '36 hours' or '2 days'"};
}

std::optional<WindowProblem> check_positive(const PlacedDuration& duration,
                                            const std::string& what) {
  if (duration.value.nominal_us() > 0) return std::nullopt;
  return WindowProblem{duration.place, "the " + what + " must be positive"};
}

std::optional<WindowProblem> check_count(const PlacedDuration& slide, const WindowDuration& size,
                                         int64_t most, const std::string& what) {
  const int64_t count = size.nominal_us() / slide.value.nominal_us();
  if (count <= most) return std::nullopt;
  return WindowProblem{slide.place,
                       "each row would count in " + std::to_string(count) + " windows; at most " +
                           std::to_string(most) + " are possible",
                       "make the " + what + " longer or the size shorter"};
}

GridSizes grid_sizes(const WindowDuration& slide, const WindowDuration& size) {
  return {.size_us = size.is_days() ? 0 : size.microseconds,
          .slide_us = slide.nominal_us(),
          .calendar_days = size.days};
}

std::optional<WindowProblem> take_offset(std::span<const WindowDuration> durations, size_t place,
                                         const WindowDuration& distance, GridSizes& sizes) {
  if (place >= durations.size()) return std::nullopt;
  sizes.offset_us = durations[place].nominal_us();
  const int64_t limit_us = distance.nominal_us() - 1;
  if (sizes.offset_us >= -limit_us && sizes.offset_us <= limit_us) return std::nullopt;
  return WindowProblem{place, "the offset must be smaller than the distance of two windows",
                       "windows start " + duration_text(distance.nominal_us()) + " apart"};
}

}  // namespace sluice
