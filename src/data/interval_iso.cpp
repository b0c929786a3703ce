// Intervals in the forms of ISO 8601.
#include <charconv>

#include "data/datetime_numbers.hpp"
#include "data/interval_builder.hpp"

namespace sluice {

namespace {

struct Amount {
  int64_t whole = 0;
  double fraction = 0;
};

bool starts_number(std::string_view text) {
  return !text.empty() && ((text[0] >= '0' && text[0] <= '9') || text[0] == '.');
}

// Takes a number with optional sign and fraction off `text`.
std::optional<Amount> take_amount(std::string_view& text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  if (!starts_number(text)) return std::nullopt;
  Amount amount;
  if (text[0] != '.') {
    const auto whole = take_number(text);
    if (!whole) return std::nullopt;
    amount.whole = is_negative ? -*whole : *whole;
  }
  if (text.starts_with('.')) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(),
                                                amount.fraction, std::chars_format::fixed);
    if (problem == std::errc{}) text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (problem != std::errc{}) text.remove_prefix(1);  // "1." is 1
    if (is_negative) amount.fraction = -amount.fraction;
  }
  return amount;
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
bool take_alternative(std::string_view& text, char separator, IntervalUnit second,
                      IntervalUnit third, IntervalBuilder& builder) {
  for (const IntervalUnit unit : {second, third}) {
    if (!text.starts_with(separator)) return true;
    text.remove_prefix(1);
    const auto amount = take_amount(text);
    if (!amount) return false;
    builder.add(unit, amount->whole, amount->fraction);
  }
  return true;
}

// One number and its designator, or an alternative form. False: neither.
bool take_field(std::string_view& text, bool is_time, IntervalBuilder& builder) {
  const auto amount = take_amount(text);
  if (!amount) return false;
  const char next = text.empty() ? '\0' : text[0];
  const auto unit = is_time ? time_unit(next) : date_unit(next);
  if (unit) {
    text.remove_prefix(1);
    builder.add(*unit, amount->whole, amount->fraction);
    return true;
  }
  if (is_time && next == ':') {
    builder.add(IntervalUnit::hour, amount->whole, amount->fraction);
    return take_alternative(text, ':', IntervalUnit::minute, IntervalUnit::second, builder);
  }
  if (!is_time && next == '-') {
    builder.add(IntervalUnit::year, amount->whole, amount->fraction);
    return take_alternative(text, '-', IntervalUnit::month, IntervalUnit::day, builder);
  }
  return false;
}

}  // namespace

std::optional<IntervalBuilder> parse_iso_interval(std::string_view text) {
  if (text.size() < 2 || text[0] != 'P') return std::nullopt;
  text.remove_prefix(1);
  IntervalBuilder builder;
  bool is_time = false;
  while (!text.empty()) {
    if (text[0] == 'T' && !is_time) {
      is_time = true;
      text.remove_prefix(1);
      continue;
    }
    if (!take_field(text, is_time, builder)) return std::nullopt;
  }
  return builder;
}

}  // namespace sluice
