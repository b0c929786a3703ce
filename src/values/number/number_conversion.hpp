// Conversions between the types of numbers, rounded and checked as PostgreSQL's casts. Pure
// functions. Errors: value_out_of_range; invalid_argument for NaN and infinities that the target
// does not know.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "values/number/decimal_text.hpp"
#include "values/number/numeric.hpp"
#include "values/type.hpp"

namespace sluice {

Result<int32_t> integer_of(int64_t value);
// Halves to even.
Result<int32_t> integer_of(double value);
Result<int64_t> bigint_of(double value);
// Halves away from zero.
Result<int32_t> integer_of(const Numeric& value);
Result<int64_t> bigint_of(const Numeric& value);
// The same of any number of digits.
Result<int32_t> integer_of(const DecimalText& value);
Result<int64_t> bigint_of(const DecimalText& value);
double double_of(const Numeric& value);
// What PostgreSQL makes a numeric of: 15 significant digits, without zeros at their end. The text
// stands in `room` or is a constant.
std::string_view decimal_digits(double value, std::array<char, 32>& room);
// numeric, or numeric(p,s).
Result<Numeric> numeric_of(double value, Type target);

}  // namespace sluice
