// Numbers read by a format: to_number. Pure function.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "values/number/number_pattern.hpp"
#include "values/number/numeric.hpp"

namespace sluice {

// Errors: invalid_text (there is no number), invalid_argument (EEEE and RN only write),
// value_out_of_range (more digits than the format has).
Result<Numeric> parse_by(const NumberPattern& pattern, std::string_view text);

}  // namespace sluice
