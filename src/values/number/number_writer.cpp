#include "values/number/number_writer.hpp"

#include <algorithm>

#include "values/text/ordinal_suffix.hpp"

namespace sluice {

namespace {

using Kind = NumberItemKind;

// The last digit of the fraction that is not 0, or else the point; none without a point.
std::optional<size_t> last_relevant_digit(std::string_view digits) {
  const size_t point = digits.find('.');
  if (point == std::string_view::npos) return std::nullopt;
  const size_t last = digits.find_last_not_of('0');
  return std::max(point, last);
}

}  // namespace

NumberWriter::NumberWriter(const NumberPattern& pattern, const NumberDigits& number,
                           std::string& out)
    : pattern_(pattern),
      number_(number),
      out_(out),
      sign_place_(pattern.sign_place),
      has_brackets_(pattern.has_brackets),
      first_zero_(std::max(pattern.zero_start - 1, 0)) {
  if (pattern.has_plus || pattern.has_minus) {
    is_sign_written_ = pattern.has_minus;
  } else {
    const bool needs_none = !number.is_negative && pattern.is_compact;
    if (needs_none) has_brackets_ = false;
    is_sign_written_ = needs_none && !has_sign_place();
    const bool is_behind_digits = number.places_before == pattern.digits_before_sign;
    if (sign_place_ == SignPlace::before && is_behind_digits) sign_place_ = SignPlace::behind;
  }
  places_ = number.places_before + number.places_behind - 1;
  if (!is_sign_written_ && number.blanks == 0) ++places_;
  if (!pattern.is_compact || !pattern.has_point) return;
  last_relevant_ = last_relevant_digit(number.text);
  if (last_relevant_ && pattern.zero_end > number.blanks) {
    const size_t last_zero =
        std::min(number.text.size() - 1, static_cast<size_t>(pattern.zero_end - number.blanks));
    last_relevant_ = std::max(*last_relevant_, last_zero);
  }
}

void NumberWriter::write() {
  const size_t begin = out_.size();
  for (const NumberItem& item : pattern_.items()) write_item(item);
  // Where a special value such as NaN is shorter than its places, the text ends.
  const size_t end = out_.find('\0', begin);
  if (end != std::string::npos) out_.resize(end);
}

void NumberWriter::write_item(const NumberItem& item) {
  switch (item.kind) {
    case Kind::digit:
    case Kind::zero:
    case Kind::point:
      return write_place(item.kind);
    case Kind::comma:
      if (is_inside_) {
        out_ += ',';
      } else {
        blank_unless_compact();
      }
      return;
    case Kind::currency:
      out_ += ' ';
      return;
    case Kind::ordinal:
      return write_ordinal(item.is_lower);
    case Kind::minus:
      if (number_.is_negative) {
        out_ += '-';
      } else {
        blank_unless_compact();
      }
      return;
    case Kind::plus:
      if (!number_.is_negative) {
        out_ += '+';
      } else {
        blank_unless_compact();
      }
      return;
    case Kind::sign:
      out_ += number_.is_negative ? '-' : '+';
      return;
    case Kind::literal:
      out_ += item.text;
      return;
    default:
      return;
  }
}

void NumberWriter::write_place(Kind kind) {
  is_inside_ = false;
  write_sign_when_due();
  const bool is_in_front = place_ < number_.blanks;
  if (is_in_front && (!pattern_.has_zero || first_zero_ > place_)) {
    blank_unless_compact();
  } else if (is_in_front) {
    out_ += '0';
    is_inside_ = true;
  } else {
    write_digit_or_point(kind);
  }
  if (is_last_place()) write_sign_behind();
  ++place_;
}

void NumberWriter::write_sign_when_due() {
  const bool is_due = place_ >= number_.blanks || (pattern_.has_zero && first_zero_ == place_);
  if (is_sign_written_ || !is_due || (hides_leading_zero() && !ends_at_point())) return;
  if (has_sign_place()) {
    if (sign_place_ != SignPlace::before) return;
    out_ += number_.is_negative ? '-' : '+';
  } else if (has_brackets_) {
    out_ += number_.is_negative ? '<' : ' ';
  } else if (number_.is_negative) {
    out_ += '-';
  } else {
    blank_unless_compact();
  }
  is_sign_written_ = true;
}

void NumberWriter::write_digit_or_point(Kind kind) {
  if (current() == '.') {
    if (!ends_at_point() || pattern_.is_compact) out_ += '.';
  } else {
    write_digit(kind);
  }
  if (current() != '\0') ++at_;
}

void NumberWriter::write_digit(Kind kind) {
  if (last_relevant_ && at_ > *last_relevant_ && kind != Kind::zero) return;
  if (hides_leading_zero()) {
    if (!pattern_.is_compact) {
      out_ += ' ';
    } else if (ends_at_point()) {
      out_ += '0';
    }
    return;
  }
  out_ += current();
  is_inside_ = true;
}

bool NumberWriter::is_last_place() const {
  if (last_relevant_ && *last_relevant_ == at_) return false;
  return place_ + 1 == places_ + (number_.blanks > 0 ? 1 : 0) + (pattern_.has_point ? 1 : 0);
}

void NumberWriter::write_sign_behind() {
  if (is_sign_written_ && has_brackets_) {
    out_ += number_.is_negative ? '>' : ' ';
  } else if (sign_place_ == SignPlace::behind) {
    out_ += number_.is_negative ? '-' : '+';
  }
}

void NumberWriter::write_ordinal(bool is_lower) {
  const bool is_whole = !pattern_.has_point && !number_.is_negative;
  if (!is_whole || number_.text.starts_with('#')) return;
  std::string number = number_.text;
  const size_t size = number.size();
  append_ordinal_suffix(number, !is_lower);
  out_.append(number, size);
}

void NumberWriter::blank_unless_compact() {
  if (!pattern_.is_compact) out_ += ' ';
}

bool NumberWriter::hides_leading_zero() const {
  return !pattern_.has_zero && at_ == 0 && current() == '0' && number_.places_behind != 0;
}

bool NumberWriter::ends_at_point() const {
  return last_relevant_ && number_.text[*last_relevant_] == '.';
}

}  // namespace sluice
