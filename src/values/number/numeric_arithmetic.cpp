#include "values/number/numeric_arithmetic.hpp"

#include <algorithm>
#include <optional>

#include "values/number/powers_of_ten.hpp"
#include "values/number/wide_integer.hpp"

namespace sluice {

namespace {

constexpr int most = Numeric::max_digits;
const Numeric not_a_number = Numeric::special(Numeric::Kind::nan);

UInt128 power(int exponent) { return static_cast<UInt128>(powers_of_ten[exponent]); }
UInt128 magnitude(const Numeric& value) {
  const Int128 coefficient = value.coefficient();
  return static_cast<UInt128>(coefficient < 0 ? -coefficient : coefficient);
}
bool is_nan(const Numeric& value) { return value.kind() == Numeric::Kind::nan; }

Numeric infinity(int sign) {
  return Numeric::special(sign < 0 ? Numeric::Kind::minus_infinity : Numeric::Kind::infinity);
}

Unexpected too_long() {
  return fail(ErrorCode::value_out_of_range, "numeric result has more than 38 digits");
}
Unexpected by_zero() { return fail(ErrorCode::division_by_zero, "division by zero"); }

Result<Numeric> make(UInt128 digits, bool is_negative, int scale) {
  if (scale > most || digits >= power(most)) return too_long();
  const auto coefficient = static_cast<Int128>(digits);
  return Numeric(is_negative ? -coefficient : coefficient, static_cast<uint8_t>(scale));
}

int count_digits(UInt128 value) {
  int count = 0;
  while (count < most && value >= power(count)) ++count;
  return count;
}

// Where a value starts in PostgreSQL's storage: the weight of its first digit to the base 10000,
// and that digit.
struct Leading {
  int weight = 0;
  int digit = 0;
};

Leading leading_of(const Numeric& value) {
  const UInt128 digits = magnitude(value);
  if (digits == 0) return {};
  const int count = count_digits(digits);
  const int exponent = count - 1 - value.scale();  // of the first decimal digit
  const int weight = exponent >= 0 ? exponent / 4 : -((3 - exponent) / 4);
  const int shown = exponent - 4 * weight + 1;  // decimal digits within the first digit
  const UInt128 first =
      count >= shown ? digits / power(count - shown) : digits * power(shown - count);
  return {weight, static_cast<int>(first)};
}

// select_div_scale of PostgreSQL.
int division_scale(const Numeric& left, const Numeric& right) {
  constexpr int least_significant_digits = 16;
  const Leading a = leading_of(left);
  const Leading b = leading_of(right);
  const int weight = a.weight - b.weight - (a.digit <= b.digit ? 1 : 0);
  return std::max(
      {least_significant_digits - weight * 4, int{left.scale()}, int{right.scale()}, 0});
}

// |left| * 10^exponent; none when it does not even fit 256 bits.
std::optional<UInt256> scaled_up(UInt128 value, int exponent) {
  UInt256 result{0, value};
  while (exponent > 0 && value != 0) {
    const int step = std::min(exponent, most);
    if (!multiply_by(result, power(step))) return std::nullopt;
    exponent -= step;
  }
  return result;
}

// left / right with `scale` fractional digits, rounded half away from zero or truncated. Both
// finite, right not zero.
Result<Numeric> quotient(const Numeric& left, const Numeric& right, int scale, bool rounds) {
  if (scale > most) return too_long();
  UInt128 divisor = magnitude(right);
  const int exponent = scale + right.scale() - left.scale();
  auto dividend = scaled_up(magnitude(left), std::max(exponent, 0));
  if (!dividend) return too_long();
  if (exponent < 0) {
    const auto larger = scaled_up(divisor, -exponent);
    // A divisor beyond every dividend: the quotient is below one half.
    if (!larger || larger->high != 0 || larger->low >> 127 != 0) return make(0, false, scale);
    divisor = larger->low;
  }
  WideQuotient result = divide(*dividend, divisor);
  if (!result.fits) return too_long();
  const bool rounds_up = rounds && result.remainder >= divisor - result.remainder;
  if (rounds_up && result.quotient == ~UInt128{0}) return too_long();
  const bool is_negative = (left.coefficient() < 0) != (right.coefficient() < 0);
  return make(result.quotient + (rounds_up ? 1 : 0), is_negative, scale);
}

// The result when an operand is NaN or infinite, the same for both quotients; none when both are
// finite.
std::optional<Result<Numeric>> special_quotient(const Numeric& left, const Numeric& right) {
  if (is_nan(left) || is_nan(right)) return not_a_number;
  if (!left.is_finite()) {
    if (!right.is_finite()) return not_a_number;
    if (sign_of(right) == 0) return Result<Numeric>(by_zero());
    return infinity(sign_of(left) * sign_of(right));
  }
  if (!right.is_finite()) return Numeric();
  if (sign_of(right) == 0) return Result<Numeric>(by_zero());
  return std::nullopt;
}

}  // namespace

int sign_of(const Numeric& value) {
  if (value.kind() == Numeric::Kind::minus_infinity) return -1;
  if (!value.is_finite()) return 1;
  const Int128 coefficient = value.coefficient();
  return (coefficient > 0) - (coefficient < 0);
}

Numeric negate(const Numeric& value) {
  if (value.is_finite()) return Numeric(-value.coefficient(), value.scale());
  return is_nan(value) ? value : infinity(-sign_of(value));
}

Numeric absolute(const Numeric& value) { return sign_of(value) < 0 ? negate(value) : value; }

Result<Numeric> multiply(const Numeric& left, const Numeric& right) {
  if (is_nan(left) || is_nan(right)) return not_a_number;
  if (!left.is_finite() || !right.is_finite()) {
    const int sign = sign_of(left) * sign_of(right);
    return sign == 0 ? not_a_number : infinity(sign);
  }
  Int128 product = 0;
  const bool overflows = __builtin_mul_overflow(left.coefficient(), right.coefficient(), &product);
  if (overflows) return too_long();
  const bool is_negative = product < 0;
  return make(static_cast<UInt128>(is_negative ? -product : product), is_negative,
              left.scale() + right.scale());
}

Result<Numeric> divide(const Numeric& left, const Numeric& right) {
  if (auto special = special_quotient(left, right)) return *special;
  return quotient(left, right, division_scale(left, right), true);
}

Result<Numeric> divide_truncated(const Numeric& left, const Numeric& right) {
  if (auto special = special_quotient(left, right)) return *special;
  return quotient(left, right, 0, false);
}

Result<Numeric> modulo(const Numeric& left, const Numeric& right) {
  if (is_nan(left) || is_nan(right)) return not_a_number;
  if (sign_of(right) == 0) return by_zero();
  if (!left.is_finite()) return not_a_number;
  if (!right.is_finite()) return left;
  const int scale = std::max(left.scale(), right.scale());
  const auto dividend = scaled_up(magnitude(left), scale - left.scale());
  const auto divisor = scaled_up(magnitude(right), scale - right.scale());
  const bool is_negative = left.coefficient() < 0;
  // Only one of them was scaled up: a divisor past 127 bits is larger than the dividend.
  if (divisor->high != 0 || divisor->low >> 127 != 0) {
    return make(dividend->low, is_negative, scale);
  }
  return make(divide(*dividend, divisor->low).remainder, is_negative, scale);
}

Result<Numeric> round_to(const Numeric& value, int32_t scale) {
  if (!value.is_finite()) return value;
  if (scale > most) return too_long();
  if (scale >= 0) return value.rescaled(static_cast<uint8_t>(scale));
  if (scale < -most) return Numeric();
  const Numeric unit(powers_of_ten[-scale], 0);
  SLUICE_ASSIGN(const Numeric units, quotient(value, unit, 0, true));
  return multiply(units, unit);
}

Result<Numeric> truncate_to(const Numeric& value, int32_t scale) {
  if (!value.is_finite()) return value;
  if (scale > most) return too_long();
  if (scale >= value.scale()) return value.rescaled(static_cast<uint8_t>(scale));
  const int64_t dropped = int64_t{value.scale()} - scale;
  if (dropped > most) return Numeric(0, static_cast<uint8_t>(std::max(scale, 0)));
  const Int128 kept = value.coefficient() / powers_of_ten[dropped];
  if (scale >= 0) return Numeric(kept, static_cast<uint8_t>(scale));
  return Numeric(kept * powers_of_ten[-scale], 0);
}

Result<Numeric> floor_of(const Numeric& value) {
  SLUICE_ASSIGN(const Numeric whole, truncate_to(value, 0));
  if (!value.is_finite() || sign_of(value) >= 0 || whole.compare(value) == 0) return whole;
  return Numeric::subtract(whole, Numeric(1, 0));
}

Result<Numeric> ceiling_of(const Numeric& value) {
  SLUICE_ASSIGN(const Numeric whole, truncate_to(value, 0));
  if (!value.is_finite() || sign_of(value) <= 0 || whole.compare(value) == 0) return whole;
  return Numeric::add(whole, Numeric(1, 0));
}

}  // namespace sluice
