// Patterns of SIMILAR TO as regular expressions. Pure function.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sluice {

// `escape`: one character, or empty for none. Error invalid_argument.
Result<std::string> regex_of_similar(std::string_view pattern, std::string_view escape);

}  // namespace sluice
