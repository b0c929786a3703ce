#include "sql/window_size.hpp"

#include <optional>

#include "sql/expression_binder.hpp"

namespace sluice {

namespace {

constexpr int64_t day_us = 86'400'000'000;

// Either whole calendar days or an exact time.
struct Duration {
  int32_t days = 0;
  int64_t microseconds = 0;
  uint32_t position = 0;

  bool is_days() const { return days != 0; }
  // Days taken as 24 hours.
  int64_t nominal_us() const { return days * day_us + microseconds; }
};

std::optional<Interval> bind_interval(BindState& state, const ParseNode& node) {
  const NameScope nothing;
  ExpressionBinder binder(state, nothing, "a window's size");
  const uint32_t position = node.position();
  Bound bound = binder.bind(node);
  const Type interval{TypeKind::interval};
  if (bound.untyped) bound = binder.coerce(bound, interval, position);
  if (!bound) return std::nullopt;
  const auto* constant = bound.expression->as<Literal>();
  if (constant && bound.expression->type() == interval && !constant->value.is_null()) {
    return constant->value.get<Interval>();
  }
  state.error(ErrorCode::invalid_window, position, "a window's size is a constant interval",
              "write INTERVAL '1 minute'");
  return std::nullopt;
}

std::optional<Duration> bind_duration(BindState& state, const ParseNode& node) {
  const auto interval = bind_interval(state, node);
  if (!interval) return std::nullopt;
  const uint32_t position = node.position();
  std::string problem;
  if (interval->months != 0) {
    problem = "windows of months or years are not supported";
  } else if (interval->days != 0 && interval->microseconds != 0) {
    problem = "a window's size is whole days or a time, not both";
  }
  if (problem.empty()) return Duration{interval->days, interval->microseconds, position};
  state.error(ErrorCode::invalid_window, position, problem, "write '36 hours' or '2 days'");
  return std::nullopt;
}

bool reject(BindState& state, const Duration& duration, std::string message,
            std::string advice = {}) {
  state.error(ErrorCode::invalid_window, duration.position, std::move(message), std::move(advice));
  return false;
}

bool check_slide(BindState& state, const Window& window, const Duration& slide,
                 const Duration& size) {
  if (slide.nominal_us() <= 0) return reject(state, slide, "the slide must be positive");
  if (slide.nominal_us() > size.nominal_us()) {
    return reject(state, slide, "the slide is larger than the size: rows between would be lost",
                  "the smaller duration comes first");
  }
  if (window.kind == WindowKind::hop && slide.is_days() != size.is_days()) {
    return reject(state, slide, "slide and size are both in days or both in hours and less",
                  "write '24 hours' for a window that ignores daylight saving");
  }
  if (window.kind == WindowKind::cumulate && size.nominal_us() % slide.nominal_us() != 0) {
    return reject(state, slide, "the size must be a multiple of the step");
  }
  return true;
}

bool check_offset(BindState& state, const Duration& offset, const Duration& slide) {
  if (offset.is_days()) return reject(state, offset, "an offset is less than a day");
  const int64_t distance = offset.microseconds < 0 ? -offset.microseconds : offset.microseconds;
  if (distance < slide.nominal_us()) return true;
  return reject(state, offset, "the offset must be smaller than the distance of two windows");
}

}  // namespace

bool bind_window_size(BindState& state, const ParseNode& call, Window& window) {
  const auto& arguments = call.list("args");
  const bool slides = window.kind != WindowKind::tumble;
  std::vector<Duration> durations;
  for (size_t i = 2; i < arguments.size(); ++i) {
    const auto duration = bind_duration(state, arguments[i]);
    if (!duration) return false;
    durations.push_back(*duration);
  }
  const Duration slide = durations[0];
  const Duration size = durations[slides ? 1 : 0];
  if (size.nominal_us() <= 0) return reject(state, size, "the size must be positive");
  if (slides && !check_slide(state, window, slide, size)) return false;
  if (durations.size() > (slides ? 2u : 1u)) {
    if (!check_offset(state, durations.back(), slide)) return false;
    window.offset_us = durations.back().microseconds;
  }
  window.calendar_days = size.days;
  window.size_us = size.is_days() ? 0 : size.microseconds;
  window.slide_us = slide.nominal_us();
  return true;
}

}  // namespace sluice
