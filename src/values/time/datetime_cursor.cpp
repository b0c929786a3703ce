#include "values/time/datetime_cursor.hpp"

#include <algorithm>
#include <string>

#include "values/text/bad_text.hpp"
#include "values/text/characters.hpp"

namespace sluice {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; }
bool is_separator(char c) { return c > ' ' && c < 0x7F && !is_letter(c) && !is_digit(c); }

Unexpected bad_value(std::string_view text, const PatternPart& part) {
  return fail(ErrorCode::invalid_text,
              "invalid value " + quoted_excerpt(text) + " for \"" + part.text + "\"");
}

Unexpected out_of_range(const PatternPart& part) {
  return fail(ErrorCode::value_out_of_range,
              "value for \"" + part.text + "\" in the text is out of range");
}

bool fits_integer(int64_t value) { return value == static_cast<int32_t>(value); }

}  // namespace

void DateTimeCursor::skip_character() {
  if (!is_at_end()) at_ = std::min(at_ + character_length(current()), text_.size());
}

void DateTimeCursor::skip_spaces() {
  for (; is_space(current()); ++at_) ++skipped_;
}

void DateTimeCursor::skip_for(const PatternPart& part, bool is_exact) {
  if (is_exact) return skip_character();
  if (part.kind != PatternPart::Kind::character) {
    --skipped_;
    if (!is_space(current()) && !is_separator(current())) return;
    ++at_;
    ++skipped_;
  } else if (skipped_ > 0) {
    --skipped_;
  } else {
    skip_character();
  }
}

// Blanks, a sign and digits from `begin`, up to `end`; `at` is left behind them, or at `begin` when
// there is no number. None: past 64 bits.
std::optional<int64_t> DateTimeCursor::scan_number(size_t begin, size_t end, size_t& at) const {
  at = begin;
  while (at < end && is_space(text_[at])) ++at;
  const bool is_negative = at < end && text_[at] == '-';
  if (at < end && (text_[at] == '-' || text_[at] == '+')) ++at;
  const size_t first_digit = at;
  int64_t value = 0;
  bool fits = true;
  for (; at < end && is_digit(text_[at]); ++at) {
    fits = fits && !__builtin_mul_overflow(value, 10, &value) &&
           !__builtin_add_overflow(value, text_[at] - '0', &value);
  }
  if (at == first_digit) at = begin;
  if (!fits) return std::nullopt;
  return is_negative ? -value : value;
}

Result<DateTimeCursor::Number> DateTimeCursor::read_number(Extent extent, const PatternPart& part) {
  const size_t begin = at_;
  size_t first = at_;
  while (first < text_.size() && is_space(text_[first])) ++first;
  const std::string_view shown = text_.substr(first, extent.width);
  std::optional<int64_t> value;
  if (extent.is_open) {
    value = scan_number(begin, text_.size(), at_);
  } else {
    if (shown.size() < extent.width) {
      return fail(ErrorCode::invalid_text, "text too short for \"" + part.text + "\"",
                  "where the width varies, write FM before the field");
    }
    value = scan_number(first, first + extent.width, at_);
    const size_t used = at_ - first;
    if (used > 0 && used < extent.width) return bad_value(shown, part);
  }
  if (at_ == begin) return bad_value(shown, part);
  if (!value || !fits_integer(*value)) return out_of_range(part);
  return Number{static_cast<int32_t>(*value), static_cast<int>(at_ - begin)};
}

Result<int32_t> DateTimeCursor::read_number_with_comma(const PatternPart& part) {
  constexpr size_t width_behind = 3;
  size_t at = 0;
  const auto thousands = scan_number(at_, text_.size(), at);
  const bool has_comma = at > at_ && at < text_.size() && text_[at] == ',';
  if (!has_comma) return bad_value(rest(), part);
  size_t first = at + 1;
  while (first < text_.size() && is_space(text_[first])) ++first;
  size_t end = 0;
  const auto ones = scan_number(first, std::min(first + width_behind, text_.size()), end);
  if (end == first) return bad_value(rest(), part);
  int64_t value = 0;
  if (!thousands || !ones || !fits_integer(*thousands)) return out_of_range(part);
  value = *thousands * 1000 + *ones;
  if (!fits_integer(value)) return out_of_range(part);
  at_ = end;
  return static_cast<int32_t>(value);
}

Result<int32_t> DateTimeCursor::read_word(std::span<const std::string_view> words, size_t length,
                                          const PatternPart& part) {
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i].substr(0, length);
    if (!equals_ignoring_case(rest().substr(0, word.size()), word)) continue;
    at_ += word.size();
    return static_cast<int32_t>(i);
  }
  return bad_value(rest().substr(0, rest().find_first_of(" \t\n\r\f\v")), part);
}

}  // namespace sluice
