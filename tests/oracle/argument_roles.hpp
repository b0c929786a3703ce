// What arguments of functions must look like to give more than errors: the role (samples.hpp) that
// the values of an argument are drawn from. Pure function; any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "expr/function.hpp"

namespace sluice::test {

// Empty: any value of the argument's type.
std::string_view preferred_role(const Function& function, size_t index);

}  // namespace sluice::test
