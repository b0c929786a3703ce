// Conversions between the types of numbers, rounded and checked as PostgreSQL's casts. Pure
// functions. Errors: value_out_of_range; invalid_argument for NaN and infinities that the target
// does not know.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "data/numeric.hpp"

namespace sluice {

Result<int32_t> integer_of(int64_t value);
// Halves to even.
Result<int32_t> integer_of(double value);
Result<int64_t> bigint_of(double value);
// Halves away from zero.
Result<int32_t> integer_of(const Numeric& value);
Result<int64_t> bigint_of(const Numeric& value);
double double_of(const Numeric& value);
// The shortest of 15 significant digits, as PostgreSQL.
Result<Numeric> numeric_of(double value);

}  // namespace sluice
