// The path of a column inside a document: $.common.mid, or $['odd name'].x. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice {

// The object keys from the document down. `field` is what messages call it. Error invalid_value.
Result<std::vector<std::string>> parse_field_path(std::string_view field, std::string_view path);

}  // namespace sluice
