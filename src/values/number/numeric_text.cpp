// Numeric as text: PostgreSQL's numeric_in and numeric_out.
#include <charconv>
#include <cstring>

#include "values/number/decimal_text.hpp"
#include "values/number/numeric.hpp"
#include "values/number/powers_of_ten.hpp"
#include "values/text/bad_text.hpp"

namespace sluice {

namespace {

using UInt128 = unsigned __int128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Plain decimals of up to 19 digits: nearly all there are. nullopt: look closer.
std::optional<Numeric> parse_short(std::string_view text) {
  const bool has_sign = !text.empty() && (text[0] == '-' || text[0] == '+');
  const std::string_view digits = text.substr(has_sign ? 1 : 0);
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
  const Int128 coefficient = magnitude;
  return Numeric(has_sign && text[0] == '-' ? -coefficient : coefficient,
                 static_cast<uint8_t>(scale));
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

Result<Numeric> Numeric::parse(std::string_view text) { return parse(text, 0, 0); }

Result<Numeric> Numeric::parse(std::string_view text, uint8_t precision, int8_t scale) {
  if (const auto number = parse_short(text)) [[likely]]
    return number->constrained(precision, scale);
  SLUICE_ASSIGN(const DecimalText decimal, DecimalText::parse(text));
  const auto number = precision == 0 ? decimal.exact() : decimal.rounded(scale);
  if (!number) return fail_range("numeric of 38 digits", text);
  return number->constrained(precision, scale);
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
