#include "base/base64.hpp"

#include <cstdint>

namespace sluice {

std::string to_base64(std::string_view bytes) {
  static constexpr char digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t byte = 0; byte < 3; ++byte) {
      group <<= 8;
      if (i + byte < bytes.size()) group |= static_cast<uint8_t>(bytes[i + byte]);
    }
    for (size_t digit = 0; digit < 4; ++digit) {
      const bool is_padding = i + digit > bytes.size();
      text.push_back(is_padding ? '=' : digits[(group >> (18 - 6 * digit)) & 63]);
    }
  }
  return text;
}

}  // namespace sluice
