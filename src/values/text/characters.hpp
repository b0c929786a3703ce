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

// The byte where a character starts, counted from 0; the end of the text when it has not so many.
constexpr size_t character_offset(std::string_view text, size_t character) {
  size_t at = 0;
  for (; character > 0 && at < text.size(); --character) at += character_length(text[at]);
  return at;
}
// Of a text that is not empty.
constexpr std::string_view first_character(std::string_view text) {
  return text.substr(0, character_length(text.front()));
}
// Where the last character starts, of a text that is not empty.
constexpr size_t last_character_start(std::string_view text) {
  size_t at = text.size() - 1;
  while (!is_character_start(text[at])) --at;
  return at;
}

// C collation knows the case of ASCII letters alone.
constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

}  // namespace sluice
