// Suggestions for misspelt names: fields, columns, functions. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

// The known name closest to a misspelt one, or empty when none is close.
std::string closest_name(std::string_view wrong, const std::vector<std::string>& known);
// The clause for a message: did you mean "order_id"?  Empty when no name is close.
std::string did_you_mean(std::string_view wrong, const std::vector<std::string>& known);

}  // namespace sluice
