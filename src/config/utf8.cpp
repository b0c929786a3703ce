#include "config/utf8.hpp"

#include <algorithm>

namespace sluice {

namespace {

bool is_continuation(char byte) { return (static_cast<uint8_t>(byte) & 0xC0U) == 0x80U; }

struct Decoded {
  uint32_t code_point = 0;
  size_t size = 0;  // 0: not valid
};

bool is_in_range(uint32_t code_point, size_t size) {
  constexpr uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  return code_point >= smallest[size] && code_point <= 0x10FFFF && !is_surrogate;
}

Decoded decode(std::string_view text) {
  const auto lead = static_cast<uint8_t>(text.front());
  if (lead < 0x80) return {lead, 1};
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  uint32_t code_point = lead & (0xFFU >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return {};
    code_point = code_point << 6U | (static_cast<uint8_t>(text[i]) & 0x3FU);
  }
  return is_in_range(code_point, size) ? Decoded{code_point, size} : Decoded{};
}

bool is_wide(uint32_t code_point) {
  struct Range {
    uint32_t first;
    uint32_t last;
  };
  // The wide and full-width blocks of Unicode's EastAsianWidth.
  constexpr Range wide[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},
                            {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                            {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
  return std::any_of(std::begin(wide), std::end(wide), [code_point](const Range& range) {
    return code_point >= range.first && code_point <= range.last;
  });
}

}  // namespace

size_t count_characters(std::string_view text) {
  return text.size() -
         static_cast<size_t>(std::count_if(text.begin(), text.end(), is_continuation));
}

size_t character_size(std::string_view text) {
  const Decoded decoded = decode(text);
  return decoded.size == 0 ? 1 : decoded.size;
}

size_t byte_of_character(std::string_view text, size_t character) {
  size_t byte = 0;
  while (character > 0 && byte < text.size()) {
    byte += character_size(text.substr(byte));
    --character;
  }
  return byte;
}

size_t display_width(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const Decoded decoded = decode(text);
    width += is_wide(decoded.code_point) ? 2 : 1;
    text.remove_prefix(decoded.size == 0 ? 1 : decoded.size);
  }
  return width;
}

size_t find_invalid_utf8(std::string_view text) {
  size_t byte = 0;
  while (byte < text.size()) {
    const size_t size = decode(text.substr(byte)).size;
    if (size == 0) return byte;
    byte += size;
  }
  return std::string_view::npos;
}

std::string escape_invalid_utf8(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  while (!text.empty()) {
    const size_t valid = std::min(find_invalid_utf8(text), text.size());
    result += text.substr(0, valid);
    text.remove_prefix(valid);
    if (text.empty()) break;
    const auto byte = static_cast<uint8_t>(text.front());
    result += {'\\', 'x', digits[byte / 16], digits[byte % 16]};
    text.remove_prefix(1);
  }
  return result;
}

std::string printable(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (static_cast<uint8_t>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return result;
}

}  // namespace sluice
