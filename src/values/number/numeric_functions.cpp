#include "values/number/numeric_functions.hpp"

#include <quadmath.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "values/number/numeric_arithmetic.hpp"
#include "values/number/powers_of_ten.hpp"
#include "values/number/quad.hpp"
#include "values/number/wide_integer.hpp"

namespace sluice {

namespace {

constexpr int most = Numeric::max_digits;
constexpr int least_significant_digits = 16;
const Numeric zero;
const Numeric one(1, 0);
const Numeric ten(10, 0);
const Numeric not_a_number = Numeric::special(Numeric::Kind::nan);

Unexpected outside(const char* message) { return fail(ErrorCode::invalid_argument, message); }
Unexpected too_long() {
  return fail(ErrorCode::value_out_of_range, "numeric result has more than 38 digits");
}

bool is_nan(const Numeric& value) { return value.kind() == Numeric::Kind::nan; }

// The power of ten of the first digit; 0 of zero.
int exponent_of(const Numeric& value) {
  Int128 rest = value.coefficient();
  if (rest == 0) return 0;
  int digits = 0;
  for (; rest != 0; rest /= 10) ++digits;
  return digits - 1 - value.scale();
}

// The whole part of the square root.
UInt128 whole_root(const UInt256& square) {
  const Quad size = ldexpq(static_cast<Quad>(square.high), 128) + static_cast<Quad>(square.low);
  auto root = static_cast<UInt128>(sqrtq(size));
  const auto is_above = [&](UInt128 candidate) {
    const UInt256 product = multiply(candidate, candidate);
    return product.high != square.high ? product.high > square.high : product.low > square.low;
  };
  // Newton's step mends the digits that floating point has not.
  if (root != 0) root = (root + divide(square, root).quotient) / 2;
  while (is_above(root)) --root;
  while (!is_above(root + 1)) ++root;
  return root;
}

int floor_to_multiple_of_four(int exponent) {
  return exponent >= 0 ? exponent / 4 * 4 : -((3 - exponent) / 4) * 4;
}

// The power of ten of a logarithm's first digit, estimated as PostgreSQL does.
int logarithm_weight(const Numeric& value) {
  const bool is_near_one = value.compare(Numeric(9, 1)) >= 0 && value.compare(Numeric(11, 1)) <= 0;
  if (is_near_one) {
    const auto distance = Numeric::subtract(value, one);
    return distance ? exponent_of(*distance) : 0;
  }
  // Of its first two digits to the base 10000 alone.
  const int exponent = exponent_of(value);
  const int first_digit = exponent - floor_to_multiple_of_four(exponent) + 1;
  Int128 digits = value.coefficient();
  int dropped = 0;
  for (int left = exponent + value.scale() + 1; left > first_digit + 4; --left, ++dropped) {
    digits /= 10;
  }
  constexpr double log_of_ten = 2.302585092994046;
  const double logarithm =
      std::log(static_cast<double>(digits)) + (dropped - value.scale()) * log_of_ten;
  return static_cast<int>(std::log10(std::fabs(logarithm)));
}

Status check_logarithm(const Numeric& value) {
  const int sign = sign_of(value);
  if (is_nan(value) || sign > 0) return {};
  if (sign < 0) return outside("cannot take logarithm of a negative number");
  return outside("cannot take logarithm of zero");
}

}  // namespace

Result<Numeric> square_root(const Numeric& value) {
  if (is_nan(value) || value.kind() == Numeric::Kind::infinity) return value;
  if (sign_of(value) < 0) return outside("cannot take square root of a negative number");
  const int exponent = exponent_of(value);
  const int root_weight = floor_to_multiple_of_four(exponent) / 2 + 1;
  const int scale = std::max({least_significant_digits - root_weight, int{value.scale()}, 0});
  const int shift = 2 * scale - value.scale();
  UInt256 square{0, static_cast<UInt128>(value.coefficient())};
  for (int left = shift; left > 0 && square.low != 0; left -= most) {
    const auto factor = static_cast<UInt128>(powers_of_ten[std::min(left, most)]);
    if (!multiply_by(square, factor)) return too_long();
  }
  UInt128 root = whole_root(square);
  const UInt256 floor = multiply(root, root);
  const UInt128 remainder = square.low - floor.low;
  if (remainder > root) ++root;
  if (scale > most || root >= static_cast<UInt128>(powers_of_ten[most])) return too_long();
  return Numeric(static_cast<Int128>(root), static_cast<uint8_t>(scale));
}

Result<Numeric> exponential(const Numeric& value) {
  if (is_nan(value) || value.kind() == Numeric::Kind::infinity) return value;
  if (!value.is_finite()) return zero;
  constexpr double log10_of_e = 0.434294481903252;
  const Quad exponent = quad_of(value);
  const double weight = static_cast<double>(exponent) * log10_of_e;
  if (std::fabs(weight) > most + 1) return too_long();
  return numeric_of(expq(exponent), result_scale(weight, value.scale()));
}

Result<Numeric> natural_logarithm(const Numeric& value) {
  SLUICE_TRY(check_logarithm(value));
  if (!value.is_finite()) return value;
  const int scale =
      std::max({least_significant_digits - logarithm_weight(value), int{value.scale()}, 0});
  return numeric_of(logq(quad_of(value)), scale);
}

Result<Numeric> logarithm(const Numeric& base, const Numeric& value) {
  if (is_nan(base) || is_nan(value)) return not_a_number;
  SLUICE_TRY(check_logarithm(base));
  SLUICE_TRY(check_logarithm(value));
  if (!base.is_finite()) return value.is_finite() ? zero : not_a_number;
  if (!value.is_finite()) return value;
  if (base.compare(one) == 0) return fail(ErrorCode::division_by_zero, "division by zero");
  const int weight = logarithm_weight(value) - logarithm_weight(base);
  const int scale =
      std::max({least_significant_digits - weight, int{base.scale()}, int{value.scale()}, 0});
  const Quad result =
      base.compare(ten) == 0 ? log10q(quad_of(value)) : logq(quad_of(value)) / logq(quad_of(base));
  return numeric_of(result, scale);
}

Result<Numeric> greatest_common_divisor(const Numeric& left, const Numeric& right) {
  if (!left.is_finite() || !right.is_finite()) return not_a_number;
  const uint8_t scale = std::max(left.scale(), right.scale());
  Numeric a = absolute(left);
  Numeric b = absolute(right);
  while (sign_of(b) != 0) {
    SLUICE_ASSIGN(const Numeric rest, modulo(a, b));
    a = b;
    b = rest;
  }
  return a.rescaled(scale);
}

Result<Numeric> least_common_multiple(const Numeric& left, const Numeric& right) {
  if (!left.is_finite() || !right.is_finite()) return not_a_number;
  const uint8_t scale = std::max(left.scale(), right.scale());
  if (sign_of(left) == 0 || sign_of(right) == 0) return Numeric(0, scale);
  SLUICE_ASSIGN(const Numeric divisor, greatest_common_divisor(left, right));
  SLUICE_ASSIGN(const Numeric factor, divide_truncated(left, divisor));
  SLUICE_ASSIGN(const Numeric product, multiply(factor, right));
  return absolute(product).rescaled(scale);
}

Result<Numeric> factorial(int64_t value) {
  constexpr int64_t largest = 33;  // 34! has 39 digits
  if (value < 0) {
    return fail(ErrorCode::value_out_of_range, "factorial of a negative number is undefined");
  }
  if (value > largest) return too_long();
  Int128 product = 1;
  for (int64_t i = 2; i <= value; ++i) product *= i;
  return Numeric(product, 0);
}

Result<int32_t> width_bucket(const Numeric& value, const Numeric& low, const Numeric& high,
                             int32_t count) {
  if (count <= 0) return outside("count must be greater than zero");
  if (is_nan(value) || is_nan(low) || is_nan(high)) {
    return outside("operand, lower bound, and upper bound cannot be NaN");
  }
  if (!low.is_finite() || !high.is_finite())
    return outside("lower and upper bounds must be finite");
  if (low.compare(high) == 0) return outside("lower bound cannot equal upper bound");
  const bool rises = low.compare(high) < 0;
  if (rises ? value.compare(low) < 0 : value.compare(low) > 0) return 0;
  if (rises ? value.compare(high) >= 0 : value.compare(high) <= 0) {
    if (count == std::numeric_limits<int32_t>::max()) {
      return fail(ErrorCode::value_out_of_range, "integer out of range");
    }
    return count + 1;
  }
  SLUICE_ASSIGN(const Numeric distance, Numeric::subtract(value, low));
  SLUICE_ASSIGN(const Numeric width, Numeric::subtract(high, low));
  SLUICE_ASSIGN(const Numeric scaled, multiply(distance, Numeric(count, 0)));
  SLUICE_ASSIGN(const Numeric bucket, divide_truncated(scaled, width));
  return std::min(count, static_cast<int32_t>(bucket.coefficient()) + 1);
}

}  // namespace sluice
