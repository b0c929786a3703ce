// Arithmetic of integers and doubles with PostgreSQL's range checks. Pure functions. Errors:
// value_out_of_range, division_by_zero.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "base/result.hpp"

namespace sluice {

template <class Integer>
Unexpected fail_integer_range() {
  return fail(ErrorCode::value_out_of_range,
              sizeof(Integer) == 4 ? "integer out of range" : "bigint out of range");
}
inline Unexpected fail_division_by_zero() {
  return fail(ErrorCode::division_by_zero, "division by zero");
}

template <class Integer>
Result<Integer> checked_add(Integer left, Integer right) {
  Integer result = 0;
  if (__builtin_add_overflow(left, right, &result)) return fail_integer_range<Integer>();
  return result;
}
template <class Integer>
Result<Integer> checked_subtract(Integer left, Integer right) {
  Integer result = 0;
  if (__builtin_sub_overflow(left, right, &result)) return fail_integer_range<Integer>();
  return result;
}
template <class Integer>
Result<Integer> checked_multiply(Integer left, Integer right) {
  Integer result = 0;
  if (__builtin_mul_overflow(left, right, &result)) return fail_integer_range<Integer>();
  return result;
}
template <class Integer>
Result<Integer> checked_divide(Integer left, Integer right) {
  if (right == 0) return fail_division_by_zero();
  if (right == -1) return checked_subtract<Integer>(0, left);
  return left / right;
}
template <class Integer>
Result<Integer> checked_modulo(Integer left, Integer right) {
  if (right == 0) return fail_division_by_zero();
  return right == -1 ? 0 : left % right;
}

// A result that became infinite, or zero, by rounding is an error.
inline Result<double> checked_double(double result, bool may_be_infinite, bool may_be_zero) {
  if (std::isinf(result) && !may_be_infinite) {
    return fail(ErrorCode::value_out_of_range, "value out of range: overflow");
  }
  if (result == 0 && !may_be_zero) {
    return fail(ErrorCode::value_out_of_range, "value out of range: underflow");
  }
  return result;
}
inline Result<double> checked_add(double left, double right) {
  return checked_double(left + right, std::isinf(left) || std::isinf(right), true);
}
inline Result<double> checked_subtract(double left, double right) {
  return checked_double(left - right, std::isinf(left) || std::isinf(right), true);
}
inline Result<double> checked_multiply(double left, double right) {
  return checked_double(left * right, std::isinf(left) || std::isinf(right),
                        left == 0 || right == 0);
}
inline Result<double> checked_divide(double left, double right) {
  if (right == 0 && !std::isnan(left)) return fail_division_by_zero();
  return checked_double(left / right, std::isinf(left), left == 0 || std::isinf(right));
}

}  // namespace sluice
