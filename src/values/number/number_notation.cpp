#include "values/number/number_notation.hpp"

#include "values/number/numeric.hpp"
#include "values/number/powers_of_ten.hpp"

namespace sluice {

namespace {

bool is_decimal(char c) { return c >= '0' && c <= '9'; }

uint32_t base_of(std::string_view text) {
  if (text.size() < 2 || text[0] != '0') return 10;
  switch (text[1]) {
    case 'x':
    case 'X':
      return 16;
    case 'o':
    case 'O':
      return 8;
    case 'b':
    case 'B':
      return 2;
    default:
      return 10;
  }
}

std::optional<uint32_t> digit_of(char c, uint32_t base) {
  uint32_t value = base;
  if (is_decimal(c)) value = static_cast<uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') value = static_cast<uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') value = static_cast<uint32_t>(c - 'A' + 10);
  return value < base ? std::optional(value) : std::nullopt;
}

std::string_view take_sign(std::string_view& text) {
  const size_t size = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const std::string_view sign = text.substr(0, size);
  text.remove_prefix(size);
  return sign;
}

// Each underscore stands between two digits. nullopt: one does not, or there is none.
std::optional<std::string> without_groups(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      plain += text[i];
    } else if (i == 0 || i + 1 == text.size() || !is_decimal(text[i - 1]) ||
               !is_decimal(text[i + 1])) {
      return std::nullopt;
    }
  }
  return plain.size() < text.size() ? std::optional(std::move(plain)) : std::nullopt;
}

}  // namespace

WholeDigits::WholeDigits(std::string_view text) : base_(base_of(text)), rest_(text) {
  constexpr size_t prefix = 2;
  if (base_ != 10) rest_.remove_prefix(prefix);
}

// An underscore stands before a digit; between two of them where no prefix tells the base.
std::optional<uint32_t> WholeDigits::next() {
  const size_t at = rest_.starts_with('_') && (has_digit_ || base_ != 10) ? 1 : 0;
  if (at >= rest_.size()) return std::nullopt;
  const auto digit = digit_of(rest_[at], base_);
  if (!digit) return std::nullopt;
  rest_.remove_prefix(at + 1);
  has_digit_ = true;
  return digit;
}

std::optional<std::string> as_plain_decimal(std::string_view text) {
  std::string_view rest = text;
  const std::string_view sign = take_sign(rest);
  WholeDigits digits(rest);
  if (digits.base() == 10) return without_groups(text);
  constexpr Int128 limit = powers_of_ten[Numeric::max_digits];
  Int128 magnitude = 0;
  bool is_past_limit = false;
  while (const auto digit = digits.next()) {
    is_past_limit |= magnitude > limit / digits.base();
    if (!is_past_limit) magnitude = magnitude * digits.base() + *digit;
  }
  if (!digits.is_whole_text()) return std::nullopt;
  if (is_past_limit || magnitude >= limit) {
    return std::string(sign) + std::string(Numeric::max_digits + 1, '9');
  }
  return std::string(sign) + Numeric(magnitude, 0).to_string();
}

}  // namespace sluice
