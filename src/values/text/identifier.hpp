// Identifiers of SQL in text form. Pure function.
#pragma once

#include <string>
#include <string_view>

namespace sluice {

// Appends a name as SQL wants it: in double quotes where it is a keyword or more than lower-case
// letters, digits and underscores.
void append_identifier(std::string_view name, std::string& out);

}  // namespace sluice
