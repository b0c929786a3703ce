// What a jsonb scalar is cast from. Pure functions. Error invalid_argument: it is no such scalar.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "data/type.hpp"

namespace sluice {

// cannot cast jsonb string to type boolean
Unexpected fail_jsonb_cast(std::string_view value, Type target);
// The digits of a number.
Result<std::string_view> jsonb_number(std::string_view value, Type target);

}  // namespace sluice
