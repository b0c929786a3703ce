// What simdjson's errors say of a document, in words. Pure function.
#pragma once

#include <string_view>

namespace sluice {

// Of a simdjson::error_code; empty: no error.
std::string_view json_fault(int error);

}  // namespace sluice
