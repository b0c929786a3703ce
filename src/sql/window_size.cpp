#include "sql/window_size.hpp"

#include <optional>

#include "sql/expression_binder.hpp"
#include "sql/relation_text.hpp"

namespace sluice {

namespace {

constexpr int64_t day_us = 86'400'000'000;
// 273 years: sums of times and durations stay far from the ends of int64.
constexpr int32_t longest_days = 100'000;

// Windows a row may count in. A group's windows are sent one after the other when time leaps, and
// each late row corrects as many. A sliding window also takes its slices back one by one.
constexpr int64_t most_sliding_windows = 10'000;
constexpr int64_t most_steps = 100'000;

// Either whole calendar days or an exact time; an offset may be both. Within longest_days.
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

bool reject(BindState& state, uint32_t position, std::string message, std::string advice = {}) {
  state.error(ErrorCode::invalid_window, position, std::move(message), std::move(advice));
  return false;
}

bool is_within(int64_t value, int64_t limit) { return value >= -limit && value <= limit; }

std::optional<Duration> bind_duration(BindState& state, const ParseNode& node) {
  const auto interval = bind_interval(state, node);
  if (!interval) return std::nullopt;
  const uint32_t position = node.position();
  if (interval->months != 0) {
    reject(state, position, "windows of months or years are not supported",
           "write '36 hours' or '2 days'");
    return std::nullopt;
  }
  const bool fits = is_within(interval->days, longest_days) &&
                    is_within(interval->microseconds, longest_days * day_us);
  if (fits) return Duration{interval->days, interval->microseconds, position};
  reject(
      state, position,
      "the duration is too large: a window has at most " + std::to_string(longest_days) + " days");
  return std::nullopt;
}

// A duration that is not an offset is of one kind.
bool check_kind(BindState& state, const Duration& duration) {
  if (!duration.is_days() || duration.microseconds == 0) return true;
  return reject(state, duration.position, "a window's size is whole days or a time, not both",
                "write '36 hours' or '2 days'");
}

bool check_count(BindState& state, const Window& window, const Duration& slide,
                 const Duration& size) {
  const bool is_hop = window.kind == WindowKind::hop;
  const int64_t most = is_hop ? most_sliding_windows : most_steps;
  const int64_t count = size.nominal_us() / slide.nominal_us();
  if (count <= most) return true;
  return reject(
      state, slide.position,
      "each row would count in " + std::to_string(count) + " windows; at most " +
          std::to_string(most) + " are possible",
      std::string("make the ") + (is_hop ? "slide" : "step") + " longer or the size shorter");
}

bool check_slide(BindState& state, const Window& window, const Duration& slide,
                 const Duration& size) {
  if (slide.nominal_us() <= 0) return reject(state, slide.position, "the slide must be positive");
  if (window.kind == WindowKind::cumulate && slide.nominal_us() > size.nominal_us()) {
    return reject(state, slide.position, "the step is larger than the size",
                  "the smaller duration comes first");
  }
  if (window.kind == WindowKind::hop && slide.is_days() != size.is_days()) {
    return reject(state, slide.position,
                  "slide and size are both in days or both in hours and less",
                  "write '24 hours' for a window that ignores daylight saving");
  }
  if (window.kind == WindowKind::cumulate && size.nominal_us() % slide.nominal_us() != 0) {
    return reject(state, slide.position, "the size must be a multiple of the step");
  }
  return check_count(state, window, slide, size);
}

// Windows of CUMULATE start a size apart, whatever their step.
bool check_offset(BindState& state, const Duration& offset, const Duration& distance) {
  if (is_within(offset.nominal_us(), distance.nominal_us() - 1)) return true;
  return reject(state, offset.position,
                "the offset must be smaller than the distance of two windows",
                "windows start " + duration_text(distance.nominal_us()) + " apart");
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
  const bool has_offset = durations.size() > (slides ? 2u : 1u);
  const Duration slide = durations[0];
  const Duration size = durations[slides ? 1 : 0];
  if (!check_kind(state, slide) || !check_kind(state, size)) return false;
  if (size.nominal_us() <= 0) return reject(state, size.position, "the size must be positive");
  if (slides && !check_slide(state, window, slide, size)) return false;
  if (has_offset) {
    const Duration& distance = window.kind == WindowKind::hop ? slide : size;
    if (!check_offset(state, durations.back(), distance)) return false;
    window.offset_us = durations.back().nominal_us();
  }
  window.calendar_days = size.days;
  window.size_us = size.is_days() ? 0 : size.microseconds;
  window.slide_us = slide.nominal_us();
  return true;
}

}  // namespace sluice
