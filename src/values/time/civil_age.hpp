// The function age: a difference of civil times counted as people do, in years, months, days and
// time. Pure function.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "values/type.hpp"

namespace sluice {

// Error value_out_of_range: one of them is infinite.
Result<Interval> civil_age(int64_t later_us, int64_t earlier_us);

}  // namespace sluice
