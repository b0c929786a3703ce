#include "data/datetime_numbers.hpp"

#include <charconv>

namespace sluice {

std::optional<int64_t> take_number(std::string_view& text) {
  int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return value;
}

int take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return 0;
  text.remove_prefix(1);
  int millionths = 0;
  int digit = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; ++digit, text.remove_prefix(1)) {
    if (digit < 6) millionths = millionths * 10 + (text[0] - '0');
    if (digit == 6 && text[0] >= '5') ++millionths;
  }
  for (; digit < 6; ++digit) millionths *= 10;
  return millionths;
}

std::optional<ClockTime> parse_clock_time(std::string_view text) {
  ClockTime time;
  const auto first = take_number(text);
  if (!first || !text.starts_with(':')) return std::nullopt;
  text.remove_prefix(1);
  const auto second = take_number(text);
  if (!second) return std::nullopt;
  time.hour = *first;
  time.minute = *second;
  if (text.starts_with('.')) {
    time.hour = 0;
    time.minute = *first;
    time.second = *second;
  } else if (text.starts_with(':')) {
    text.remove_prefix(1);
    const auto third = take_number(text);
    if (!third) return std::nullopt;
    time.second = *third;
  }
  time.microsecond = take_fraction(text);
  return text.empty() ? std::optional(time) : std::nullopt;
}

}  // namespace sluice
