#include "values/number/numeric_power.hpp"

#include <quadmath.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "values/number/big_unsigned.hpp"
#include "values/number/checked_arithmetic.hpp"
#include "values/number/numeric_arithmetic.hpp"
#include "values/number/powers_of_ten.hpp"
#include "values/number/quad.hpp"

namespace sluice {

namespace {

constexpr int most = Numeric::max_digits;
const Numeric one(1, 0);

Unexpected overflow() {
  return fail(ErrorCode::value_out_of_range, "numeric result has more than 38 digits");
}
Unexpected complex_result() {
  return fail(ErrorCode::invalid_argument,
              "a negative number raised to a non-integer power yields a complex result");
}
Unexpected undefined_result() {
  return fail(ErrorCode::invalid_argument, "zero raised to a negative power is undefined");
}

bool is_nan(const Numeric& value) { return value.kind() == Numeric::Kind::nan; }
bool is_whole(const Numeric& value) {
  return !value.is_finite() || value.normalized().scale() == 0;
}
bool is_odd(const Numeric& whole) {
  return whole.is_finite() && whole.normalized().coefficient() % 2 != 0;
}

// Where an operand is infinite: the results of POSIX pow.
Numeric special_power(const Numeric& base, const Numeric& exponent) {
  const Numeric zero;
  const Numeric infinity = Numeric::special(Numeric::Kind::infinity);
  const int direction = sign_of(exponent);
  if (direction == 0 || base.compare(one) == 0) return one;
  if (sign_of(base) == 0) return zero;
  if (!exponent.is_finite()) {
    const auto size = absolute(base).compare(one);
    if (size == 0) return one;
    return (size > 0) == (direction > 0) ? infinity : zero;
  }
  if (direction < 0) return zero;
  return sign_of(base) < 0 && is_odd(exponent) ? negate(infinity) : infinity;
}

// The power of ten of base^exponent's first digit, about; of 0 it is 0.
double power_weight(const Numeric& base, int64_t exponent) {
  const Numeric size = absolute(base).normalized();
  if (size.coefficient() == 0) return 0;
  const double weight = std::log10(static_cast<double>(size.coefficient())) - size.scale();
  return static_cast<double>(exponent) * weight;
}

// The exact power of the coefficient; none when it is too long to be worth it.
std::optional<BigUnsigned> exact_power(UInt128 coefficient, int64_t exponent) {
  constexpr int64_t most_bits = 8192;
  BigUnsigned square(coefficient);
  if (static_cast<int64_t>(square.bits()) * exponent > most_bits) return std::nullopt;
  BigUnsigned result(1);
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result.multiply_by(square);
    if (exponent > 1) square.multiply_by(square);
  }
  return result;
}

// base^exponent for a whole exponent above 1, rounded to `scale` fractional digits, at most 38.
Result<Numeric> whole_power(const Numeric& base, int64_t exponent, int scale) {
  const Numeric short_base = base.normalized();
  const Int128 coefficient = short_base.coefficient();
  const bool is_negative = coefficient < 0 && exponent % 2 != 0;
  auto exact =
      exact_power(static_cast<UInt128>(coefficient < 0 ? -coefficient : coefficient), exponent);
  if (!exact) {
    const Quad size = powq(fabsq(quad_of(base)), static_cast<Quad>(exponent));
    return numeric_of(is_negative ? -size : size, scale);
  }
  const int64_t excess = short_base.scale() * exponent - scale;
  if (excess > 0) {
    exact->divide_by_power_of_ten(static_cast<int>(excess));
  } else {
    exact->multiply_by(BigUnsigned(static_cast<UInt128>(powers_of_ten[-excess])));
  }
  const auto digits = exact->to_uint128();
  if (!digits || *digits >= static_cast<UInt128>(powers_of_ten[most])) return overflow();
  const auto signed_digits = static_cast<Int128>(*digits);
  return Numeric(is_negative ? -signed_digits : signed_digits, static_cast<uint8_t>(scale));
}

// Of a whole exponent. The scale is that of other powers: by the size of the result.
Result<Numeric> integer_power(const Numeric& base, int64_t exponent, int exponent_scale) {
  const double weight = power_weight(base, exponent);
  if (std::fabs(weight) > most + 1) return overflow();
  const int scale = result_scale(weight, std::max(int{base.scale()}, exponent_scale));
  if (scale > most) return overflow();
  if (exponent == 0) return one.rescaled(static_cast<uint8_t>(scale));
  if (exponent == 1 || sign_of(base) == 0) return base.rescaled(static_cast<uint8_t>(scale));
  if (exponent > 0) return whole_power(base, exponent, scale);
  const Quad size = powq(fabsq(quad_of(base)), static_cast<Quad>(exponent));
  const bool is_negative = sign_of(base) < 0 && exponent % 2 != 0;
  return numeric_of(is_negative ? -size : size, scale);
}

// The fractional digits that give ln(base) about eight significant ones: PostgreSQL derives the
// scale of the result from a logarithm rounded to so many.
int logarithm_scale(const Numeric& base, double logarithm) {
  const bool is_near_one = base.compare(Numeric(9, 1)) >= 0 && base.compare(Numeric(11, 1)) <= 0;
  const double size =
      is_near_one ? std::fabs(static_cast<double>(quad_of(base) - 1)) : std::fabs(logarithm);
  if (size == 0) return 8;
  const double weight = std::log10(size);
  return std::max(0, 8 - static_cast<int>(is_near_one ? std::floor(weight) : weight));
}

// power_var of PostgreSQL: e^(exponent * ln base).
Result<Numeric> fractional_power(const Numeric& base, const Numeric& exponent) {
  constexpr int least_significant_digits = 16;
  if (sign_of(base) == 0) return Numeric(0, least_significant_digits);
  const Quad logarithm = logq(quad_of(base));
  const Quad unit = powq(10, logarithm_scale(base, static_cast<double>(logarithm)));
  const Quad rough = roundq(roundq(logarithm * unit) * quad_of(exponent)) / unit;
  constexpr double log10_of_e = 0.434294481903252;
  const double weight = static_cast<double>(rough) * log10_of_e;
  if (weight > most + 1) return overflow();
  if (weight < -most) return overflow();
  const int scale = result_scale(weight, std::max(base.scale(), exponent.scale()));
  return numeric_of(expq(logarithm * quad_of(exponent)), scale);
}

double special_power(double base, double exponent) {
  const double size = std::fabs(base);
  if (std::isinf(exponent)) {
    if (size == 1) return 1;
    return (size > 1) == (exponent > 0) ? std::numeric_limits<double>::infinity() : 0;
  }
  return std::pow(base, exponent);
}

}  // namespace

Result<double> power(double base, double exponent) {
  if (std::isnan(base)) return exponent == 0 ? 1.0 : base;
  if (std::isnan(exponent)) return base == 1 ? 1.0 : exponent;
  if (base == 0 && exponent < 0) return undefined_result();
  if (base < 0 && std::floor(exponent) != exponent) return complex_result();
  if (std::isinf(base) || std::isinf(exponent)) return special_power(base, exponent);
  return checked_double(std::pow(base, exponent), false, base == 0);
}

Result<Numeric> power(const Numeric& base, const Numeric& exponent) {
  if (is_nan(base)) return exponent.is_finite() && sign_of(exponent) == 0 ? one : base;
  if (is_nan(exponent)) return base.compare(one) == 0 ? one : exponent;
  if (sign_of(base) == 0 && sign_of(exponent) < 0) return undefined_result();
  if (sign_of(base) < 0 && !is_whole(exponent)) return complex_result();
  if (!base.is_finite() || !exponent.is_finite()) return special_power(base, exponent);
  if (is_whole(exponent)) {
    const Int128 whole = exponent.normalized().coefficient();
    const bool fits = whole >= std::numeric_limits<int32_t>::min() &&
                      whole <= std::numeric_limits<int32_t>::max();
    if (fits) return integer_power(base, static_cast<int64_t>(whole), exponent.scale());
  }
  const bool is_negative = sign_of(base) < 0 && is_odd(exponent);
  SLUICE_ASSIGN(const Numeric size, fractional_power(absolute(base), exponent));
  return is_negative ? negate(size) : size;
}

}  // namespace sluice
