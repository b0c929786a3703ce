// Quad: binary floating point with 33 decimal digits, for functions of numeric that have no exact
// result. Pure functions.
#pragma once

#include "base/result.hpp"
#include "values/number/numeric.hpp"

namespace sluice {

using Quad = __float128;

// Of a finite value.
Quad quad_of(const Numeric& value);
// Rounded half away from zero to `scale` fractional digits. Error value_out_of_range past 38
// digits.
Result<Numeric> numeric_of(Quad value, int scale);
// The scale that PostgreSQL gives a result whose first digit has this power of ten: at least 16
// significant digits, and at least `least` fractional ones.
int result_scale(double weight, int least);

}  // namespace sluice
