// Intervals in the forms of ISO 8601.
#include <charconv>

#include "values/time/interval_builder.hpp"

namespace sluice {

namespace {

struct Amount {
  int64_t whole = 0;
  double fraction = 0;
};

// Takes a number with optional sign and fraction off `text`. Read as a double and then split, as
// PostgreSQL does: 1.2 months are one month, five days and nearly 24 hours.
std::optional<Amount> take_amount(std::string_view& text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || !((text[0] >= '0' && text[0] <= '9') || text[0] == '.')) return std::nullopt;
  double value = 0;
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  constexpr double limit = 9.2e18;
  if (problem != std::errc{} || value > limit) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  if (is_negative) value = -value;
  const auto whole = static_cast<int64_t>(value);
  return Amount{whole, value - static_cast<double>(whole)};
}

std::optional<IntervalUnit> date_unit(char designator) {
  switch (designator) {
    case 'Y':
      return IntervalUnit::year;
    case 'M':
      return IntervalUnit::month;
    case 'W':
      return IntervalUnit::week;
    case 'D':
      return IntervalUnit::day;
    default:
      return std::nullopt;
  }
}

std::optional<IntervalUnit> time_unit(char designator) {
  switch (designator) {
    case 'H':
      return IntervalUnit::hour;
    case 'M':
      return IntervalUnit::minute;
    case 'S':
      return IntervalUnit::second;
    default:
      return std::nullopt;
  }
}

// The rest of an alternative form after its first number: -MM-DD or :MM:SS, any part of which may
// be missing.
bool take_alternative(std::string_view& text, bool is_time, IntervalBuilder& builder) {
  const char separator = is_time ? ':' : '-';
  const IntervalUnit second = is_time ? IntervalUnit::minute : IntervalUnit::month;
  const IntervalUnit third = is_time ? IntervalUnit::second : IntervalUnit::day;
  for (const IntervalUnit unit : {second, third}) {
    if (!text.starts_with(separator)) break;
    text.remove_prefix(1);
    const auto amount = take_amount(text);
    if (!amount) return false;
    builder.add(unit, amount->whole, amount->fraction);
  }
  return text.empty() || (!is_time && text[0] == 'T');
}

// One number and its designator; or, as the first of its part, an alternative form. False: neither.
bool take_field(std::string_view& text, bool is_time, bool is_first, IntervalBuilder& builder) {
  const auto amount = take_amount(text);
  if (!amount) return false;
  const char next = text.empty() ? '\0' : text[0];
  if (const auto unit = is_time ? time_unit(next) : date_unit(next)) {
    text.remove_prefix(1);
    builder.add(*unit, amount->whole, amount->fraction);
    return true;
  }
  if (!is_first) return false;
  builder.add(is_time ? IntervalUnit::hour : IntervalUnit::year, amount->whole, amount->fraction);
  return take_alternative(text, is_time, builder);
}

}  // namespace

std::optional<IntervalBuilder> parse_iso_interval(std::string_view text) {
  if (text.size() < 2 || text[0] != 'P') return std::nullopt;
  text.remove_prefix(1);
  IntervalBuilder builder;
  bool is_time = false;
  bool is_first = true;
  while (!text.empty()) {
    if (text[0] == 'T' && !is_time) {
      is_time = true;
      is_first = true;
      text.remove_prefix(1);
      continue;
    }
    if (!take_field(text, is_time, is_first, builder)) return std::nullopt;
    is_first = false;
  }
  return builder;
}

}  // namespace sluice
