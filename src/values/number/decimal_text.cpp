#include "values/number/decimal_text.hpp"

#include <algorithm>
#include <charconv>

#include "values/number/number_notation.hpp"
#include "values/number/powers_of_ten.hpp"
#include "values/text/bad_text.hpp"

namespace sluice {

namespace {

constexpr Int128 coefficient_limit = powers_of_ten[Numeric::max_digits];

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<Numeric::Kind> special_kind(std::string_view word, bool has_sign, bool is_negative) {
  if (!has_sign && equals_ignoring_case(word, "nan")) return Numeric::Kind::nan;
  if (equals_ignoring_case(word, "infinity") || equals_ignoring_case(word, "inf")) {
    return is_negative ? Numeric::Kind::minus_infinity : Numeric::Kind::infinity;
  }
  return std::nullopt;
}

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto size = static_cast<size_t>(end - text.begin());
  const std::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  return digits;
}

// The number behind 'e'; clamped, for no digit is so far from the point.
std::optional<int64_t> parse_exponent(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  int64_t exponent = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (end != text.data() + text.size() || problem == std::errc::invalid_argument)
    return std::nullopt;
  constexpr int64_t far = int64_t{1} << 40;
  if (problem == std::errc::result_out_of_range) return text.starts_with('-') ? -far : far;
  return std::clamp(exponent, -far, far);
}

// False when the coefficient would have more than 38 digits.
bool append_digit(Int128& coefficient, int digit) {
  if (coefficient >= coefficient_limit / 10) return false;
  coefficient = coefficient * 10 + digit;
  return true;
}

bool append_zeros(Int128& coefficient, int64_t count) {
  for (; coefficient != 0 && count > 0; --count) {
    if (!append_digit(coefficient, 0)) return false;
  }
  return true;
}

}  // namespace

Result<DecimalText> DecimalText::parse(std::string_view text) {
  const std::string_view bare = trimmed(text);
  DecimalText number;
  if (number.read(bare)) return number;
  auto plain = as_plain_decimal(bare);
  if (!plain) return fail_syntax("numeric", text);
  number.own_text_ = std::make_unique<const std::string>(*std::move(plain));
  if (!number.read(*number.own_text_)) return fail_syntax("numeric", text);
  return number;
}

bool DecimalText::read(std::string_view text) {
  const bool has_sign = !text.empty() && (text[0] == '-' || text[0] == '+');
  is_negative_ = has_sign && text[0] == '-';
  if (has_sign) text.remove_prefix(1);
  if (const auto special = special_kind(text, has_sign, is_negative_)) {
    kind_ = *special;
    return true;
  }
  whole_ = take_digits(text);
  fraction_ = {};
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction_ = take_digits(text);
  }
  if (size() == 0) return false;
  if (text.empty()) return true;
  const auto exponent =
      text[0] == 'e' || text[0] == 'E' ? parse_exponent(text.substr(1)) : std::nullopt;
  exponent_ = exponent.value_or(0);
  return exponent.has_value();
}

std::optional<Numeric> DecimalText::rounded(int64_t scale, Rounding rounding) const {
  if (kind_ != Numeric::Kind::finite) return Numeric::special(kind_);
  if (scale > Numeric::max_digits) return std::nullopt;
  const auto digits = static_cast<int64_t>(size());
  const int64_t kept = digits + scale - this->scale();
  Int128 coefficient = 0;
  for (int64_t i = 0; i < std::min(kept, digits); ++i) {
    if (!append_digit(coefficient, digit(static_cast<size_t>(i)) - '0')) return std::nullopt;
  }
  if (!append_zeros(coefficient, kept - digits)) return std::nullopt;
  if (rounds_away(kept, rounding) && ++coefficient == coefficient_limit) return std::nullopt;
  if (!append_zeros(coefficient, -scale)) return std::nullopt;
  return Numeric(is_negative_ ? -coefficient : coefficient,
                 static_cast<uint8_t>(std::max<int64_t>(scale, 0)));
}

std::optional<Numeric> DecimalText::exact() const { return rounded(std::max<int64_t>(scale(), 0)); }

bool DecimalText::has_fraction() const {
  const int64_t before_point = static_cast<int64_t>(size()) - scale();
  return kind_ == Numeric::Kind::finite &&
         !is_zero_from(static_cast<size_t>(std::max<int64_t>(before_point, 0)));
}

bool DecimalText::is_zero_from(size_t index) const {
  for (; index < size(); ++index) {
    if (digit(index) != '0') return false;
  }
  return true;
}

// Whether what is left of the kept digits moves away from zero when the rest is dropped.
bool DecimalText::rounds_away(int64_t kept, Rounding rounding) const {
  if (rounding == Rounding::half_away_from_zero) {
    return kept >= 0 && kept < static_cast<int64_t>(size()) &&
           digit(static_cast<size_t>(kept)) >= '5';
  }
  if (rounding == Rounding::towards_zero) return false;
  const bool is_away = is_negative_ == (rounding == Rounding::down);
  return is_away && !is_zero_from(static_cast<size_t>(std::max<int64_t>(kept, 0)));
}

}  // namespace sluice
