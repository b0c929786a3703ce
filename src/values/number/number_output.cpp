#include "values/number/number_output.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "values/number/checked_arithmetic.hpp"
#include "values/number/number_conversion.hpp"
#include "values/number/number_writer.hpp"
#include "values/number/numeric_arithmetic.hpp"
#include "values/text/characters.hpp"

namespace sluice {

namespace {

constexpr int certain_digits = std::numeric_limits<double>::digits10;

// As PostgreSQL's printf: NaN, Infinity. `conversion`: 'f' or 'e'.
std::string printed(double value, int digits, char conversion) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  const char format[] = {'%', '.', '*', conversion, '\0'};
  const int size = std::snprintf(nullptr, 0, format, digits, value);
  std::string text(static_cast<size_t>(size) + 1, '\0');
  std::snprintf(text.data(), text.size(), format, digits, value);
  text.pop_back();
  return text;
}

std::string in_capitals(int64_t value) {
  constexpr int64_t last_roman = 3999;
  constexpr size_t widest = 15;
  if (value < 1 || value > last_roman) return std::string(widest, '#');
  struct Letters {
    int64_t value;
    std::string_view text;
  };
  constexpr Letters letters[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"},
                                 {90, "XC"},  {50, "L"},   {40, "XL"}, {10, "X"},   {9, "IX"},
                                 {5, "V"},    {4, "IV"},   {1, "I"}};
  std::string text;
  for (const Letters& one : letters) {
    for (; value >= one.value; value -= one.value) text += one.text;
  }
  return text;
}

void write_roman(const NumberPattern& pattern, int64_t value, std::string& out) {
  constexpr size_t width = 15;
  std::string capitals = in_capitals(value);
  if (!pattern.is_compact) capitals.insert(0, width - capitals.size(), ' ');
  for (const NumberItem& item : pattern.items()) {
    if (item.kind == NumberItemKind::literal) out += item.text;
    if (item.kind != NumberItemKind::roman) continue;
    for (const char c : capitals) out += item.is_lower ? ascii_lower(c) : c;
  }
}

// A positive number is as wide as a negative one; what has no exponent is shown as #.
void write_scientific(const NumberPattern& pattern, const std::string& text, std::string& out) {
  const bool is_number = text.find_first_of("NI") == std::string::npos;
  if (is_number) {
    out.append(text.starts_with('-') ? "" : " ").append(text);
    return;
  }
  constexpr size_t exponent_width = 4;
  out.append(" ").append(static_cast<size_t>(pattern.digits_before), '#').append(".");
  out.append(static_cast<size_t>(pattern.digits_behind) + exponent_width, '#');
}

// `text`: a number as it is written plainly, with its sign, and with `behind` digits of fraction.
Status lay_out(const NumberPattern& pattern, std::string text, int behind, std::string& out) {
  NumberDigits number;
  number.places_before = pattern.digits_before + pattern.shift;
  number.places_behind = behind;
  number.is_negative = text.starts_with('-');
  if (number.is_negative) text.erase(0, 1);
  const int digits = static_cast<int>(std::min(text.find('.'), text.size()));
  number.blanks = std::max(number.places_before - digits, 0);
  if (digits > number.places_before) {
    text = std::string(static_cast<size_t>(number.places_before), '#') + "." +
           std::string(static_cast<size_t>(behind), '#');
  }
  const auto is_ordinal = [](const NumberItem& item) {
    return item.kind == NumberItemKind::ordinal;
  };
  const bool is_special = text.back() == 'N' || text.back() == 'y';
  const auto& items = pattern.items();
  if (is_special && !pattern.has_point && !number.is_negative &&
      std::any_of(items.begin(), items.end(), is_ordinal)) {
    return fail(ErrorCode::invalid_text, "\"" + text + "\" is not a number");
  }
  number.text = std::move(text);
  NumberWriter(pattern, number, out).write();
  return {};
}

template <class Integer>
Status format_integer(const NumberPattern& pattern, Integer value, std::string& out) {
  std::string text = std::to_string(value);
  if (pattern.digits_behind > 0) {
    text.append(".").append(static_cast<size_t>(pattern.digits_behind), '0');
  }
  return lay_out(pattern, std::move(text), pattern.digits_behind, out);
}

Result<Numeric> power_of_ten(int exponent) {
  if (exponent >= Numeric::max_digits) {
    return fail(ErrorCode::value_out_of_range, "number of more than 38 digits");
  }
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return Numeric(power, 0);
}

// One digit before the point and the exponent of ten: "-1.25e+03".
Result<std::string> scientific(const Numeric& value, int digits_behind) {
  if (!value.is_finite()) return value.to_string();
  int exponent = 0;
  if (value.coefficient() != 0) {
    const std::string digits = absolute(Numeric(value.coefficient(), 0)).to_string();
    exponent = static_cast<int>(digits.size()) - 1 - value.scale();
  }
  const int scale_of_mantissa = exponent + value.scale();
  const Numeric mantissa(value.coefficient(), static_cast<uint8_t>(scale_of_mantissa));
  SLUICE_ASSIGN(const Numeric rounded, round_to(mantissa, digits_behind));
  SLUICE_ASSIGN(const Numeric padded, rounded.rescaled(static_cast<uint8_t>(digits_behind)));
  char suffix[16];
  std::snprintf(suffix, sizeof suffix, "e%+03d", exponent);
  return padded.to_string() + suffix;
}

}  // namespace

Status format_by(const NumberPattern& pattern, int32_t value, std::string& out) {
  if (pattern.is_roman) {
    write_roman(pattern, value, out);
    return {};
  }
  if (pattern.is_scientific) {
    write_scientific(pattern, printed(value, pattern.digits_behind, 'e'), out);
    return {};
  }
  if (!pattern.is_shifted) return format_integer(pattern, value, out);
  // PostgreSQL multiplies in 32 bits and lets the product wrap around.
  constexpr int most_tens = 9;
  uint32_t factor = 1;
  for (int i = 0; i < pattern.shift; ++i) factor *= 10;
  if (pattern.shift > most_tens) factor = static_cast<uint32_t>(INT32_MIN);
  return format_integer(pattern, static_cast<int32_t>(static_cast<uint32_t>(value) * factor), out);
}

Status format_by(const NumberPattern& pattern, int64_t value, std::string& out) {
  if (pattern.is_roman) {
    write_roman(pattern, value, out);
    return {};
  }
  if (pattern.is_scientific) {
    SLUICE_ASSIGN(const std::string text,
                  scientific(Numeric::from_int64(value), pattern.digits_behind));
    write_scientific(pattern, text, out);
    return {};
  }
  SLUICE_ASSIGN(const int64_t factor, bigint_of(std::pow(10.0, pattern.shift)));
  SLUICE_ASSIGN(const int64_t shifted, checked_multiply(value, factor));
  return format_integer(pattern, shifted, out);
}

Status format_by(const NumberPattern& pattern, double value, std::string& out) {
  if (pattern.is_roman) {
    const double rounded = std::rint(value);
    const bool fits = std::fabs(rounded) < 10'000;
    write_roman(pattern, fits ? static_cast<int64_t>(rounded) : 0, out);
    return {};
  }
  if (pattern.is_scientific) {
    write_scientific(pattern, printed(value, pattern.digits_behind, 'e'), out);
    return {};
  }
  if (pattern.is_shifted) value *= std::pow(10.0, pattern.shift);
  const auto whole_digits = static_cast<int>(printed(std::fabs(value), 0, 'f').size());
  const int behind = std::clamp(certain_digits - whole_digits, 0, pattern.digits_behind);
  return lay_out(pattern, printed(value, behind, 'f'), behind, out);
}

Status format_by(const NumberPattern& pattern, const Numeric& value, std::string& out) {
  if (pattern.is_roman) {
    const auto rounded = bigint_of(value);
    write_roman(pattern, rounded ? *rounded : 0, out);
    return {};
  }
  if (pattern.is_scientific) {
    SLUICE_ASSIGN(const std::string text, scientific(value, pattern.digits_behind));
    write_scientific(pattern, text, out);
    return {};
  }
  Numeric shifted = value;
  if (pattern.is_shifted) {
    SLUICE_ASSIGN(const Numeric factor, power_of_ten(pattern.shift));
    SLUICE_ASSIGN(shifted, multiply(value, factor));
  }
  SLUICE_ASSIGN(const Numeric rounded, round_to(shifted, pattern.digits_behind));
  return lay_out(pattern, rounded.to_string(), pattern.digits_behind, out);
}

}  // namespace sluice
