// Base64 of bytes, with padding (RFC 4648). Pure function.
#pragma once

#include <string>
#include <string_view>

namespace sluice {

std::string to_base64(std::string_view bytes);

}  // namespace sluice
