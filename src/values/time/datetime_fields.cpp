// The numeric fields of dates and times: the part of DateTimeDecoder that decides what a number
// stands for.
#include <algorithm>
#include <utility>

#include "values/time/datetime_decoder.hpp"
#include "values/time/datetime_numbers.hpp"

namespace sluice {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

int two_digits(std::string_view text, size_t at) {
  return (text[at] - '0') * 10 + text[at + 1] - '0';
}

bool are_digits(std::string_view text) {
  for (const char c : text) {
    if (!is_digit(c)) return false;
  }
  return true;
}

// The runs of digits and of letters in a date; the character after each run separates.
std::optional<std::vector<std::string_view>> split_date(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    while (!text.empty() && !is_digit(text[0]) && !is_lower(text[0])) text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
    const auto belongs = is_digit(text[0]) ? is_digit : is_lower;
    size_t size = 1;
    while (size < text.size() && belongs(text[size])) ++size;
    parts.push_back(text.substr(0, size));
    text.remove_prefix(std::min(text.size(), size + 1));
  }
  return parts;
}

}  // namespace

DecodeProblem DateTimeDecoder::decode_date(std::string_view text) {
  const auto parts = split_date(text);
  if (!parts) return DecodeProblem::bad_format;
  // Names first: with a month's name the meaning of the numbers is clear.
  uint32_t all_found = no_field;
  for (const std::string_view part : *parts) {
    if (is_digit(part[0])) continue;
    const Word word = find_word(part);
    if (word.kind == WordKind::ignored) continue;
    if (word.kind != WordKind::month || ((known_ | all_found) & month) != 0) {
      return DecodeProblem::bad_format;
    }
    has_month_name_ = true;
    fields_.month = word.value;
    all_found |= month;
  }
  for (const std::string_view part : *parts) {
    if (!is_digit(part[0])) continue;
    found_ = no_field;
    const uint32_t known = known_ | all_found;
    if (const auto problem = decode_date_number(part, known); problem != DecodeProblem::none) {
      return problem;
    }
    if ((found_ & known) != 0) return DecodeProblem::bad_format;
    all_found |= found_;
  }
  found_ = all_found;
  const uint32_t known = known_ | all_found;
  return (known & ~(day_of_year | zone)) == date ? DecodeProblem::none : DecodeProblem::bad_format;
}

DecodeProblem DateTimeDecoder::decode_date_number(std::string_view digits, uint32_t known) {
  std::string_view rest = digits;
  const auto value = take_number(rest);
  if (!value || *value > INT32_MAX) {
    return is_digit(digits[0]) ? DecodeProblem::field_overflow : DecodeProblem::bad_format;
  }
  if (rest.starts_with('.')) {
    if (digits.size() - rest.size() > 2) return decode_number_field(digits, known | date);
    fields_.microsecond = take_fraction(rest);
  }
  if (!rest.empty()) return DecodeProblem::bad_format;
  constexpr int64_t longest_year = 366;
  if (digits.size() == 3 && (known & date) == year && *value >= 1 && *value <= longest_year) {
    found_ = day_of_year | month | day;
    day_of_year_ = *value;
    return DecodeProblem::none;
  }
  if ((known & date) == date) return decode_number_field(digits, known);
  return set_year_month_or_day(*value, digits.size(), known);
}

// DateStyle MDY: a number of three or more digits is a year, else the order is month, day, year;
// after a year, month, day.
DecodeProblem DateTimeDecoder::set_year_month_or_day(int64_t value, size_t width, uint32_t known) {
  const bool is_wide = width >= 3;
  switch (known & date) {
    case no_field:
      if (is_wide) {
        set_year(value, width);
        return DecodeProblem::none;
      }
      [[fallthrough]];
    case year:
    case day:
      found_ = month;
      fields_.month = static_cast<int>(value);
      return DecodeProblem::none;
    case year | month:
      if (has_month_name_ && is_wide && has_short_year_) {
        // The first number was the day: 24-jan-2024.
        fields_.day = static_cast<int>(fields_.year);
        set_year(value, width);
        found_ = day;
        return DecodeProblem::none;
      }
      break;
    case month:
      if (has_month_name_ && is_wide) {
        set_year(value, width);
        return DecodeProblem::none;
      }
      break;
    case month | day:
      set_year(value, width);
      return DecodeProblem::none;
    default:
      return DecodeProblem::bad_format;
  }
  found_ = day;
  fields_.day = static_cast<int>(value);
  return DecodeProblem::none;
}

void DateTimeDecoder::set_year(int64_t value, size_t width) {
  found_ = year;
  fields_.year = value;
  has_short_year_ = width <= 2;
}

// Run-together fields: 20240131, 240131, 123045, 1230, 123045.678.
DecodeProblem DateTimeDecoder::decode_number_field(std::string_view digits, uint32_t known) {
  const size_t point = digits.find('.');
  const std::string_view whole = digits.substr(0, point);
  if (!are_digits(whole)) return DecodeProblem::bad_format;
  if (point != std::string_view::npos) {
    std::string_view rest = digits.substr(point);
    fields_.microsecond = take_fraction(rest);
    if (!rest.empty()) return DecodeProblem::bad_format;
  } else if ((known & date) != date && whole.size() >= 6) {
    const size_t year_size = whole.size() - 4;
    // A year past every date is told when all of the text has been read.
    constexpr int64_t past_every_year = 999'999'999;
    std::string_view year_text = whole.substr(0, year_size);
    fields_.year = std::min(take_number(year_text).value_or(past_every_year), past_every_year);
    fields_.month = two_digits(whole, year_size);
    fields_.day = two_digits(whole, year_size + 2);
    has_short_year_ = year_size == 2;
    found_ |= date;
    return DecodeProblem::none;
  }
  if ((known & time) != 0 || (whole.size() != 6 && whole.size() != 4))
    return DecodeProblem::bad_format;
  fields_.hour = two_digits(whole, 0);
  fields_.minute = two_digits(whole, 2);
  fields_.second = whole.size() == 6 ? two_digits(whole, 4) : 0;
  found_ |= time;
  return DecodeProblem::none;
}

DecodeProblem DateTimeDecoder::decode_time(std::string_view text) {
  const auto clock = parse_clock_time(text);
  if (!clock) return DecodeProblem::bad_format;
  // 24:00:00 and a leap second are times; nothing is later than the end of the day.
  if (clock->hour > 24 || clock->minute > 59 || clock->second > 60)
    return DecodeProblem::field_overflow;
  const int64_t time_us = clock->hour * us_per_hour + clock->minute * us_per_minute +
                          clock->second * us_per_second + clock->microsecond;
  if (time_us > us_per_day) return DecodeProblem::field_overflow;
  fields_.hour = static_cast<int>(clock->hour);
  fields_.minute = static_cast<int>(clock->minute);
  fields_.second = static_cast<int>(clock->second);
  fields_.microsecond = clock->microsecond;
  found_ = time;
  return DecodeProblem::none;
}

// ±HH, ±HHMM, ±HH:MM, ±HH:MM:SS.
DecodeProblem DateTimeDecoder::decode_offset(std::string_view text) {
  const bool is_west = text[0] == '-';
  text.remove_prefix(1);
  const size_t size = text.size();
  if (text.empty() || !is_digit(text[0])) return DecodeProblem::bad_format;
  auto hours = take_number(text);
  if (!hours) return DecodeProblem::zone_overflow;
  std::optional<int64_t> minutes = 0;
  std::optional<int64_t> seconds = 0;
  if (text.starts_with(':')) {
    text.remove_prefix(1);
    minutes = take_number(text);
    if (text.starts_with(':')) {
      text.remove_prefix(1);
      seconds = take_number(text);
    }
  } else if (text.empty() && size > 2) {
    minutes = *hours % 100;
    hours = *hours / 100;
  }
  if (!minutes || !seconds) return DecodeProblem::bad_format;
  if (*hours > 15 || *minutes < 0 || *minutes > 59 || *seconds < 0 || *seconds > 59) {
    return DecodeProblem::zone_overflow;
  }
  if (!text.empty()) return DecodeProblem::bad_format;
  const auto magnitude = static_cast<int32_t>(*hours * 3600 + *minutes * 60 + *seconds);
  fields_.offset_seconds = is_west ? -magnitude : magnitude;
  found_ |= zone;
  return DecodeProblem::none;
}

DecodeProblem DateTimeDecoder::decode_julian(std::string_view digits) {
  constexpr int64_t julian_day_of_1970 = 2'440'588;
  const auto value = take_number(digits);
  if (!value || *value > INT32_MAX) return DecodeProblem::field_overflow;
  if (!digits.empty()) return DecodeProblem::bad_format;
  const CivilDate civil = civil_date_of(*value - julian_day_of_1970);
  fields_.year = civil.year;
  fields_.month = civil.month;
  fields_.day = civil.day;
  is_julian_ = true;
  found_ = date;
  return DecodeProblem::none;
}

}  // namespace sluice
