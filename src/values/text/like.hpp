// LIKE and ILIKE: % matches any text, _ one character, \ makes the next one literal. Pure
// functions.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sluice {

// Error: invalid_argument when the pattern ends in its escape character.
Result<bool> matches_like(std::string_view text, std::string_view pattern);
// ASCII letters match in either case, as in C collation.
Result<bool> matches_ilike(std::string_view text, std::string_view pattern);
// A pattern whose escape character is another one (none when empty), with \ instead. Error:
// invalid_argument when `escape` is more than one character.
Result<std::string> like_escape(std::string_view pattern, std::string_view escape);

}  // namespace sluice
