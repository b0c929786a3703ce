#include "values/number/numeric.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "values/number/powers_of_ten.hpp"

namespace sluice {

namespace {

constexpr Int128 coefficient_limit = powers_of_ten[Numeric::max_digits];

bool fits(Int128 coefficient) {
  return coefficient > -coefficient_limit && coefficient < coefficient_limit;
}

bool fits_int64(Int128 value) { return value == static_cast<int64_t>(value); }

Unexpected fail_too_large() {
  return fail(ErrorCode::value_out_of_range, "a numeric result needs more than 38 digits");
}

// coefficient * 10^digits, false when it does not fit.
bool shift_left(Int128& coefficient, uint8_t digits) {
  Int128 shifted = 0;
  if (__builtin_mul_overflow(coefficient, powers_of_ten[digits], &shifted)) return false;
  coefficient = shifted;
  return fits(coefficient);
}

// coefficient / 10^digits, half away from zero.
Int128 shift_right(Int128 coefficient, int digits) {
  if (digits > Numeric::max_digits) return 0;
  const Int128 divisor = powers_of_ten[static_cast<size_t>(digits)];
  Int128 quotient = coefficient / divisor;
  const Int128 remainder = coefficient % divisor;
  const Int128 magnitude = remainder < 0 ? -remainder : remainder;
  if (magnitude >= divisor - magnitude) quotient += coefficient < 0 ? -1 : 1;
  return quotient;
}

// NaN is greatest, then the infinities around all finite values.
int rank(Numeric::Kind kind) {
  switch (kind) {
    case Numeric::Kind::minus_infinity:
      return -1;
    case Numeric::Kind::finite:
      return 0;
    case Numeric::Kind::infinity:
      return 1;
    case Numeric::Kind::nan:
      return 2;
  }
  SLUICE_ASSERT(false, "unknown kind of numeric");
}

// Both of the same order as left * 10^-left_scale and right * 10^-right_scale, left_scale <
// right_scale.
std::strong_ordering compare_scaled(const Numeric& left, const Numeric& right) {
  const size_t difference = right.scale() - left.scale();
  constexpr size_t safe_power = 19;
  if (difference < safe_power && fits_int64(left.coefficient())) {
    return left.coefficient() * powers_of_ten[difference] <=> right.coefficient();
  }
  const Int128 left_whole = left.coefficient() / powers_of_ten[left.scale()];
  const Int128 right_whole = right.coefficient() / powers_of_ten[right.scale()];
  if (left_whole != right_whole) return left_whole <=> right_whole;
  const Int128 left_part = left.coefficient() % powers_of_ten[left.scale()];
  const Int128 right_part = right.coefficient() % powers_of_ten[right.scale()];
  return left_part * powers_of_ten[difference] <=> right_part;
}

Numeric add_special(const Numeric& left, const Numeric& right) {
  if (left.is_finite()) return right;
  if (right.is_finite() || left.kind() == right.kind()) return left;
  return Numeric::special(Numeric::Kind::nan);
}

Numeric negated(const Numeric& value) {
  switch (value.kind()) {
    case Numeric::Kind::finite:
      return Numeric(-value.coefficient(), value.scale());
    case Numeric::Kind::infinity:
      return Numeric::special(Numeric::Kind::minus_infinity);
    case Numeric::Kind::minus_infinity:
      return Numeric::special(Numeric::Kind::infinity);
    case Numeric::Kind::nan:
      return value;
  }
  SLUICE_ASSERT(false, "unknown kind of numeric");
}

Unexpected fail_field(uint8_t precision, int8_t scale, const std::string& reason) {
  return fail(ErrorCode::value_out_of_range, "numeric field overflow: a field with precision " +
                                                 std::to_string(precision) + ", scale " +
                                                 std::to_string(scale) + " " + reason);
}

}  // namespace

Result<Numeric> Numeric::rescaled(uint8_t scale) const {
  SLUICE_ASSERT(scale <= max_digits, "the scale of a numeric is at most 38");
  if (!is_finite() || scale == scale_) return *this;
  Int128 coefficient = this->coefficient();
  if (scale < scale_) return Numeric(shift_right(coefficient, scale_ - scale), scale);
  if (!shift_left(coefficient, scale - scale_)) return fail_too_large();
  return Numeric(coefficient, scale);
}

Result<Numeric> Numeric::constrained(uint8_t precision, int8_t scale) const {
  if (precision == 0 || kind_ == Kind::nan) return *this;
  if (!is_finite()) return fail_field(precision, scale, "cannot hold an infinite value");
  Int128 coefficient = this->coefficient();
  bool small = true;
  if (scale < scale_) {
    coefficient = shift_right(coefficient, scale_ - scale);
  } else if (scale > scale_) {
    small = shift_left(coefficient, static_cast<uint8_t>(scale - scale_));
  }
  const Int128 limit = powers_of_ten[precision];
  if (!small || coefficient >= limit || coefficient <= -limit) {
    return fail_field(
        precision, scale,
        "must round to an absolute value less than 10^" + std::to_string(precision - scale));
  }
  if (scale >= 0) return Numeric(coefficient, static_cast<uint8_t>(scale));
  if (!shift_left(coefficient, static_cast<uint8_t>(-scale))) return fail_too_large();
  return Numeric(coefficient, 0);
}

std::strong_ordering Numeric::compare(const Numeric& other) const {
  if (!is_finite() || !other.is_finite()) return rank(kind_) <=> rank(other.kind_);
  if (scale_ == other.scale_) return coefficient() <=> other.coefficient();
  if (scale_ < other.scale_) return compare_scaled(*this, other);
  return 0 <=> compare_scaled(other, *this);
}

Numeric Numeric::normalized() const {
  if (!is_finite() || scale_ == 0) return *this;
  Int128 coefficient = this->coefficient();
  if (coefficient == 0) return Numeric(0, 0);
  uint8_t scale = scale_;
  while (scale > 0 && !fits_int64(coefficient)) {
    if (coefficient % 10 != 0) return Numeric(coefficient, scale);
    coefficient /= 10;
    --scale;
  }
  if (!fits_int64(coefficient)) return Numeric(coefficient, scale);
  auto small = static_cast<int64_t>(coefficient);
  for (; scale > 0 && small % 10 == 0; --scale) small /= 10;
  return Numeric(small, scale);
}

Result<Numeric> Numeric::add(const Numeric& left, const Numeric& right) {
  if (!left.is_finite() || !right.is_finite()) [[unlikely]]
    return add_special(left, right);
  Int128 a = left.coefficient();
  Int128 b = right.coefficient();
  if (left.scale_ < right.scale_ && !shift_left(a, right.scale_ - left.scale_))
    return fail_too_large();
  if (right.scale_ < left.scale_ && !shift_left(b, left.scale_ - right.scale_))
    return fail_too_large();
  Int128 sum = 0;
  if (__builtin_add_overflow(a, b, &sum) || !fits(sum)) return fail_too_large();
  return Numeric(sum, std::max(left.scale_, right.scale_));
}

Result<Numeric> Numeric::subtract(const Numeric& left, const Numeric& right) {
  return add(left, negated(right));
}

}  // namespace sluice
