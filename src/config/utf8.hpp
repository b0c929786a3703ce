// Characters of UTF-8 text, for places in files and carets below them. Pure functions, usable from
// any thread. Counting functions take any bytes and never fail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

// Code points; stray bytes count as one each.
size_t count_characters(std::string_view text);
// The byte at which the n-th character begins, counted from 0; the size when there are fewer.
size_t byte_of_character(std::string_view text, size_t character);
// The byte length of the character at the front of a text that is not empty.
size_t character_size(std::string_view text);
// The columns a terminal uses: East Asian wide characters take two.
size_t display_width(std::string_view text);
// The first byte that is not valid UTF-8 (no overlong forms, no surrogates), or npos.
size_t find_invalid_utf8(std::string_view text);
// The bytes that are not valid UTF-8 written as \xFF, so that two different texts stay different.
std::string escape_invalid_utf8(std::string_view text);
// Text of a user's file made safe for a terminal: control characters become spaces.
std::string printable(std::string_view text);

}  // namespace sluice
