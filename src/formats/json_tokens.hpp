// What the bytes of JSON tokens say, without a parser. Pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sluice {

// Classes of the byte a token starts with, as bits.
enum JsonTokenClass : uint8_t {
  scalar_token = 1,  // strings, numbers, words, and bytes that start nothing
  string_token = 2,
  open_object_token = 4,
  open_array_token = 8,
  close_token = 16,  // } or ]
  close_object_token = 32,
  comma_token = 64,
  colon_token = 128,
};

constexpr std::array<uint8_t, 256> json_token_classes() {
  std::array<uint8_t, 256> classes = {};
  classes.fill(scalar_token);
  classes['"'] = scalar_token | string_token;
  classes['{'] = open_object_token;
  classes['['] = open_array_token;
  classes['}'] = close_token | close_object_token;
  classes[']'] = close_token;
  classes[','] = comma_token;
  classes[':'] = colon_token;
  return classes;
}
inline constexpr std::array<uint8_t, 256> json_token_class = json_token_classes();

// Whether a value may start with `first` when `next` starts the token behind that one.
inline bool is_value_start(char first, char next) {
  const uint8_t value = json_token_class[static_cast<uint8_t>(first)];
  const uint8_t after = json_token_class[static_cast<uint8_t>(next)];
  if ((value & scalar_token) != 0) return (after & (comma_token | close_token)) != 0;
  if ((value & open_object_token) != 0) return (after & (string_token | close_object_token)) != 0;
  return (value & open_array_token) != 0 &&
         (after & (comma_token | colon_token | close_object_token)) == 0;
}

// Whether the token of a value stands between the right tokens of a document that ends at `end`.
// simdjson's own skipping takes a bracket, comma or colon in place of a value, and `"a":"b":1` and
// `{1}`, for something they are not, and then loses count of the brackets; in an unclosed list it
// even goes on past the end. Behind a value stands at least the root's bracket.
inline bool is_well_placed(std::string_view token, const char* end) {
  return token.data() < end && is_value_start(token.front(), token.data()[token.size()]);
}

inline std::string_view without_trailing_space(std::string_view token) {
  while (!token.empty() && (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' ||
                            token.back() == '\t')) {
    token.remove_suffix(1);
  }
  return token;
}

inline bool has_escape(std::string_view text) {
  return !text.empty() && std::memchr(text.data(), '\\', text.size()) != nullptr;
}

// The object or array that starts at `start`, to its closing bracket as simdjson counts when it
// skips a value whole; to `end` when it has none. Strings are known to be closed.
std::string_view container_at(const char* start, const char* end);

// What a value says, as written: a string's characters, a list to its end.
std::string_view text_of_token(std::string_view token, const char* end);

// Whether the object that the document starts with ends before the document does.
bool is_closed_object(std::string_view document);

// By the grammar of JSON.
bool is_json_number(std::string_view token);

// The value of 1 to 18 digits with or without a minus sign; false for any other text, and for a
// zero before other digits.
bool parse_whole_number(std::string_view text, int64_t& value);

}  // namespace sluice
