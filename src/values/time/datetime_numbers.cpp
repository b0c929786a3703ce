#include "values/time/datetime_numbers.hpp"

#include <charconv>
#include <cmath>

namespace sluice {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Like take_number, but an empty field is 0: "12:" is 12 o'clock.
std::optional<int64_t> take_field(std::string_view& text) {
  return text.empty() || text[0] == ':' || text[0] == '.' ? std::optional<int64_t>(0)
                                                          : take_number(text);
}

}  // namespace

std::optional<int64_t> take_number(std::string_view& text) {
  int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return value;
}

int take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return 0;
  size_t size = 1;
  while (size < text.size() && is_digit(text[size])) ++size;
  // Through a double, as PostgreSQL does: how halves are rounded is seen in the last digit.
  double fraction = 0;
  if (size > 1) std::from_chars(text.data(), text.data() + size, fraction);
  text.remove_prefix(size);
  return static_cast<int>(std::rint(fraction * 1e6));
}

std::optional<ClockTime> parse_clock_time(std::string_view text) {
  ClockTime time;
  const auto first = take_number(text);
  if (!first || !text.starts_with(':')) return std::nullopt;
  text.remove_prefix(1);
  const auto second = take_field(text);
  if (!second) return std::nullopt;
  time.hour = *first;
  time.minute = *second;
  if (text.starts_with('.')) {
    time.hour = 0;
    time.minute = *first;
    time.second = *second;
  } else if (text.starts_with(':')) {
    text.remove_prefix(1);
    const auto third = take_field(text);
    if (!third) return std::nullopt;
    time.second = *third;
  }
  time.microsecond = take_fraction(text);
  return text.empty() ? std::optional(time) : std::nullopt;
}

}  // namespace sluice
