// The wording of errors about texts that are not values of their type: PostgreSQL's own. Pure
// functions.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace sluice {

// invalid input syntax for type integer: "abc"
Unexpected fail_syntax(std::string_view type, std::string_view text);
// value "3000000000" is out of range for type integer
Unexpected fail_range(std::string_view type, std::string_view text);
// The text in double quotes, cut to a readable length at a character's boundary.
std::string quoted_excerpt(std::string_view text);
// Without PostgreSQL's white space at both ends.
std::string_view trimmed(std::string_view text);
// ASCII letters only, as PostgreSQL compares key words.
bool equals_ignoring_case(std::string_view left, std::string_view right);

}  // namespace sluice
