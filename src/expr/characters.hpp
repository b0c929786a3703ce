// Characters of UTF-8 text that is known to be valid. Pure functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice {

// Bytes of the character that starts with this byte.
constexpr size_t character_length(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}
constexpr bool is_character_start(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

constexpr size_t count_characters(std::string_view text) {
  size_t count = 0;
  for (const char byte : text) count += is_character_start(byte);
  return count;
}

// C collation knows the case of ASCII letters alone.
constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

}  // namespace sluice
