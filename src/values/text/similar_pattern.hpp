// Patterns of SIMILAR TO as regular expressions. Pure functions. Errors: invalid_argument.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice {

// The parts that the pattern's separators divide it into, one to three, as regular expressions: a
// separator is the escape and a double quote. `escape`: one character, or empty for none.
Result<std::vector<std::string>> parts_of_similar(std::string_view pattern,
                                                  std::string_view escape);

// The whole pattern, as PostgreSQL writes it.
Result<std::string> regex_of_similar(std::string_view pattern, std::string_view escape);

}  // namespace sluice
