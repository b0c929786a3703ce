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

std::optional<WindowProblem> check_offset(const PlacedDuration& offset,
                                          const WindowDuration& distance) {
  const int64_t limit_us = distance.nominal_us() - 1;
  const int64_t offset_us = offset.value.nominal_us();
  if (offset_us >= -limit_us && offset_us <= limit_us) return std::nullopt;
  return WindowProblem{offset.place, "the offset must be smaller than the distance of two windows",
                       "windows start " + duration_text(distance.nominal_us()) + " apart"};
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

}  // namespace sluice
