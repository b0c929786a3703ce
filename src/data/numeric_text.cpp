// Numeric as text: PostgreSQL's numeric_in and numeric_out.
#include <algorithm>
#include <charconv>
#include <cstring>

#include "data/bad_text.hpp"
#include "data/numeric.hpp"
#include "data/powers_of_ten.hpp"

namespace sluice {

namespace {

using UInt128 = unsigned __int128;

constexpr UInt128 coefficient_limit = static_cast<UInt128>(powers_of_ten[Numeric::max_digits]);

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Numeric with_sign(UInt128 magnitude, int64_t scale, bool negative) {
  const auto coefficient = static_cast<Int128>(magnitude);
  return Numeric(negative ? -coefficient : coefficient, static_cast<uint8_t>(scale));
}

// Plain decimals of up to 19 digits: nearly all there are. nullopt: look closer.
std::optional<Numeric> parse_short(std::string_view digits, bool negative) {
  constexpr size_t most = 19;
  if (digits.empty() || digits.size() > most) return std::nullopt;
  uint64_t magnitude = 0;
  size_t point = digits.size();
  for (size_t i = 0; i < digits.size(); ++i) {
    if (is_digit(digits[i])) {
      magnitude = magnitude * 10 + static_cast<uint64_t>(digits[i] - '0');
    } else if (digits[i] == '.' && point == digits.size() && digits.size() > 1) {
      point = i;
    } else {
      return std::nullopt;
    }
  }
  const size_t scale = point == digits.size() ? 0 : digits.size() - point - 1;
  return with_sign(magnitude, static_cast<int64_t>(scale), negative);
}

std::optional<Numeric> parse_special(std::string_view word, bool has_sign, bool negative) {
  if (!has_sign && equals_ignoring_case(word, "nan")) return Numeric::special(Numeric::Kind::nan);
  if (equals_ignoring_case(word, "infinity") || equals_ignoring_case(word, "inf")) {
    return Numeric::special(negative ? Numeric::Kind::minus_infinity : Numeric::Kind::infinity);
  }
  return std::nullopt;
}

// Digits, point and exponent of any length.
struct Scanned {
  UInt128 magnitude = 0;
  int64_t scale = 0;
  bool has_digits = false;
  bool fits = true;
};

// Reads digits up to the first other character; returns what follows.
std::string_view scan_digits(std::string_view text, Scanned& number, bool fraction) {
  size_t i = 0;
  for (; i < text.size() && is_digit(text[i]); ++i) {
    number.magnitude = number.magnitude * 10 + static_cast<UInt128>(text[i] - '0');
    if (number.magnitude >= coefficient_limit) {
      number.fits = false;
      number.magnitude = 1;
    }
  }
  number.has_digits |= i > 0;
  if (fraction) number.scale += static_cast<int64_t>(i);
  return text.substr(i);
}

// The number behind 'e'; clamped, for anything so large does not fit anyway.
std::optional<int64_t> scan_exponent(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  int64_t exponent = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (end != text.data() + text.size() || problem == std::errc::invalid_argument)
    return std::nullopt;
  constexpr int64_t far = 1'000'000;
  if (problem == std::errc::result_out_of_range) return text.starts_with('-') ? -far : far;
  return std::clamp(exponent, -far, far);
}

// Makes the scale at least 0 by moving zeros into the coefficient.
void apply_scale(Scanned& number) {
  if (number.magnitude == 0) number.scale = std::max<int64_t>(number.scale, 0);
  for (; number.scale < 0 && number.fits; ++number.scale) {
    number.magnitude *= 10;
    number.fits = number.magnitude < coefficient_limit;
  }
  number.fits = number.fits && number.scale <= Numeric::max_digits;
}

Result<Numeric> parse_long(std::string_view digits, bool negative, std::string_view text) {
  Scanned number;
  std::string_view rest = scan_digits(digits, number, false);
  if (rest.starts_with('.')) rest = scan_digits(rest.substr(1), number, true);
  if (!number.has_digits) return fail_syntax("numeric", text);
  if (!rest.empty()) {
    const auto exponent =
        rest[0] == 'e' || rest[0] == 'E' ? scan_exponent(rest.substr(1)) : std::nullopt;
    if (!exponent) return fail_syntax("numeric", text);
    number.scale -= *exponent;
  }
  apply_scale(number);
  if (!number.fits) return fail_range("numeric of 38 digits", text);
  return with_sign(number.magnitude, number.scale, negative);
}

// The decimal digits of a coefficient's magnitude; returns their end.
char* write_digits(UInt128 magnitude, char* out) {
  constexpr size_t low_digits = 19;
  constexpr auto split = static_cast<UInt128>(powers_of_ten[low_digits]);
  char* const room_end = out + Numeric::max_digits + 1;
  if (magnitude < split) {
    return std::to_chars(out, room_end, static_cast<uint64_t>(magnitude)).ptr;
  }
  out = std::to_chars(out, room_end, static_cast<uint64_t>(magnitude / split)).ptr;
  char low[low_digits];
  char* const low_end =
      std::to_chars(low, low + low_digits, static_cast<uint64_t>(magnitude % split)).ptr;
  const auto written = static_cast<size_t>(low_end - low);
  std::memset(out, '0', low_digits - written);
  std::memcpy(out + low_digits - written, low, written);
  return out + low_digits;
}

char* write_word(std::string_view word, char* out) {
  std::memcpy(out, word.data(), word.size());
  return out + word.size();
}

}  // namespace

Result<Numeric> Numeric::parse(std::string_view text) {
  std::string_view digits = text;
  const bool has_sign = !digits.empty() && (digits[0] == '-' || digits[0] == '+');
  const bool negative = has_sign && digits[0] == '-';
  if (has_sign) digits.remove_prefix(1);
  if (const auto number = parse_short(digits, negative)) [[likely]]
    return *number;
  const std::string_view bare = trimmed(text);
  if (bare.size() != text.size()) {
    return bare.empty() ? fail_syntax("numeric", text) : parse(bare);
  }
  if (const auto special = parse_special(digits, has_sign, negative)) return *special;
  return parse_long(digits, negative, text);
}

char* Numeric::write(char* out) const {
  switch (kind_) {
    case Kind::finite:
      break;
    case Kind::nan:
      return write_word("NaN", out);
    case Kind::infinity:
      return write_word("Infinity", out);
    case Kind::minus_infinity:
      return write_word("-Infinity", out);
  }
  const Int128 value = coefficient();
  if (value < 0) *out++ = '-';
  char digits[max_digits + 1];
  const char* const end = write_digits(static_cast<UInt128>(value < 0 ? -value : value), digits);
  const auto count = static_cast<size_t>(end - digits);
  if (scale_ == 0) return write_word({digits, count}, out);
  if (count > scale_) {
    out = write_word({digits, count - scale_}, out);
    *out++ = '.';
    return write_word({end - scale_, scale_}, out);
  }
  out = write_word("0.", out);
  std::memset(out, '0', scale_ - count);
  return write_word({digits, count}, out + scale_ - count);
}

std::string Numeric::to_string() const {
  char text[48];
  return {text, write(text)};
}

}  // namespace sluice
