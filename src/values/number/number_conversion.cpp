#include "values/number/number_conversion.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include "values/number/checked_arithmetic.hpp"

namespace sluice {

namespace {

template <class Integer>
Result<Integer> round_to_integer(double value) {
  // 2^31 or 2^63, exact as double; the largest Integer is not.
  constexpr double limit = -static_cast<double>(std::numeric_limits<Integer>::min());
  const double rounded = std::rint(value);
  if (!(rounded >= -limit && rounded < limit)) return fail_integer_range<Integer>();
  return static_cast<Integer>(rounded);
}

template <class Integer>
Result<Integer> round_to_integer(const Numeric& value) {
  if (!value.is_finite()) {
    const std::string what = value.kind() == Numeric::Kind::nan ? "NaN" : "infinity";
    return fail(ErrorCode::invalid_argument,
                "cannot convert " + what + " to " + (sizeof(Integer) == 4 ? "integer" : "bigint"));
  }
  SLUICE_ASSIGN(const Numeric rounded, value.rescaled(0));
  const Int128 whole = rounded.coefficient();
  if (whole < std::numeric_limits<Integer>::min() || whole > std::numeric_limits<Integer>::max()) {
    return fail_integer_range<Integer>();
  }
  return static_cast<Integer>(whole);
}

template <class Integer>
Result<Integer> round_to_integer(const DecimalText& value) {
  const auto whole = value.rounded(0);
  return whole ? round_to_integer<Integer>(*whole) : fail_integer_range<Integer>();
}

}  // namespace

Result<int32_t> integer_of(int64_t value) {
  if (value != static_cast<int32_t>(value)) return fail_integer_range<int32_t>();
  return static_cast<int32_t>(value);
}

Result<int32_t> integer_of(double value) { return round_to_integer<int32_t>(value); }
Result<int64_t> bigint_of(double value) { return round_to_integer<int64_t>(value); }
Result<int32_t> integer_of(const Numeric& value) { return round_to_integer<int32_t>(value); }
Result<int64_t> bigint_of(const Numeric& value) { return round_to_integer<int64_t>(value); }
Result<int32_t> integer_of(const DecimalText& value) { return round_to_integer<int32_t>(value); }
Result<int64_t> bigint_of(const DecimalText& value) { return round_to_integer<int64_t>(value); }

double double_of(const Numeric& value) {
  switch (value.kind()) {
    case Numeric::Kind::nan:
      return std::numeric_limits<double>::quiet_NaN();
    case Numeric::Kind::infinity:
      return std::numeric_limits<double>::infinity();
    case Numeric::Kind::minus_infinity:
      return -std::numeric_limits<double>::infinity();
    case Numeric::Kind::finite:
      break;
  }
  std::array<char, 48> text;
  double result = 0;
  std::from_chars(text.data(), value.write(text.data()), result);
  return result;
}

std::string_view decimal_digits(double value, std::array<char, 32>& room) {
  if (std::isnan(value)) return "NaN";
  const int size = std::snprintf(room.data(), room.size(), "%.15g", value);
  return {room.data(), static_cast<size_t>(size)};
}

Result<Numeric> numeric_of(double value, Type target) {
  std::array<char, 32> room;
  return Numeric::parse(decimal_digits(value, room), target.precision, target.scale);
}

}  // namespace sluice
