// Arithmetic of numeric beyond Numeric's own sums: products, quotients, remainders and rounding
// with the result scales of PostgreSQL. Exact in 256 bits, results up to 38 digits. Pure functions.
// Errors: value_out_of_range past 38 digits, division_by_zero.
#pragma once

#include "base/result.hpp"
#include "values/number/numeric.hpp"

namespace sluice {

// Scale: the sum of both.
Result<Numeric> multiply(const Numeric& left, const Numeric& right);
// Rounded half away from zero to the scale that PostgreSQL selects: at least 16 significant digits
// and the scales of both.
Result<Numeric> divide(const Numeric& left, const Numeric& right);
// Truncated to an integer, as the function div.
Result<Numeric> divide_truncated(const Numeric& left, const Numeric& right);
// What divide_truncated leaves, with the sign of `left` and the larger scale.
Result<Numeric> modulo(const Numeric& left, const Numeric& right);
Numeric negate(const Numeric& value);
Numeric absolute(const Numeric& value);
// -1, 0, 1; NaN counts as 1.
int sign_of(const Numeric& value);
// Rounded half away from zero, or towards zero, to `scale` fractional digits; a negative scale
// rounds before the point.
Result<Numeric> round_to(const Numeric& value, int32_t scale);
Result<Numeric> truncate_to(const Numeric& value, int32_t scale);
Result<Numeric> floor_of(const Numeric& value);
Result<Numeric> ceiling_of(const Numeric& value);

}  // namespace sluice
