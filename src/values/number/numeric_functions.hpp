// Roots, exponentials and logarithms of numeric with PostgreSQL's result scales, and whole-number
// functions. Logarithms and exponentials are right to 30 digits. Pure functions. Errors:
// value_out_of_range past 38 digits, invalid_argument outside of a function's domain,
// division_by_zero (logarithm to the base 1).
#pragma once

#include "base/result.hpp"
#include "values/number/numeric.hpp"

namespace sluice {

Result<Numeric> square_root(const Numeric& value);
Result<Numeric> exponential(const Numeric& value);
Result<Numeric> natural_logarithm(const Numeric& value);
Result<Numeric> logarithm(const Numeric& base, const Numeric& value);

Result<Numeric> greatest_common_divisor(const Numeric& left, const Numeric& right);
Result<Numeric> least_common_multiple(const Numeric& left, const Numeric& right);
Result<Numeric> factorial(int64_t value);
// The number of the bucket, of `count` equal ones between two bounds; 0 and count + 1 outside.
Result<int32_t> width_bucket(const Numeric& value, const Numeric& low, const Numeric& high,
                             int32_t count);

}  // namespace sluice
