// Numbers written by a format: to_char. Pure functions.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "values/number/number_pattern.hpp"
#include "values/number/numeric.hpp"

namespace sluice {

// Append to `out`. Error value_out_of_range: too large after the shift of V.
Status format_by(const NumberPattern& pattern, int32_t value, std::string& out);
Status format_by(const NumberPattern& pattern, int64_t value, std::string& out);
Status format_by(const NumberPattern& pattern, double value, std::string& out);
Status format_by(const NumberPattern& pattern, const Numeric& value, std::string& out);

}  // namespace sluice
