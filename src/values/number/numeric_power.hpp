// Powers of numbers as PostgreSQL's ^ and power. Pure functions. Errors: value_out_of_range,
// division_by_zero (a negative power of zero), invalid_argument (a fractional power of a negative
// number).
#pragma once

#include "base/result.hpp"
#include "values/number/numeric.hpp"

namespace sluice {

Result<double> power(double base, double exponent);
Result<Numeric> power(const Numeric& base, const Numeric& exponent);

}  // namespace sluice
