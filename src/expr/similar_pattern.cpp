#include "expr/similar_pattern.hpp"

#include "expr/characters.hpp"

namespace sluice {

Result<std::string> regex_of_similar(std::string_view pattern, std::string_view escape) {
  if (!escape.empty() && first_character(escape).size() != escape.size()) {
    return fail(ErrorCode::invalid_argument, "invalid escape string",
                "The escape of SIMILAR TO is one character");
  }
  std::string regex = "^(?:";
  bool is_escaped = false;
  bool is_in_set = false;
  while (!pattern.empty()) {
    const std::string_view character = first_character(pattern);
    pattern.remove_prefix(character.size());
    const char c = character.front();
    if (is_escaped) {
      regex += '\\';
      regex += character;
      is_escaped = false;
    } else if (character == escape) {
      is_escaped = true;
    } else if (is_in_set) {
      if (c == '\\') regex += '\\';
      regex += character;
      is_in_set = c != ']';
    } else if (c == '%') {
      regex += ".*";
    } else if (c == '_') {
      regex += '.';
    } else if (c == '(') {
      regex += "(?:";
    } else {
      if (c == '\\' || c == '.' || c == '^' || c == '$') regex += '\\';
      regex += character;
      is_in_set = c == '[';
    }
  }
  return regex + ")$";
}

}  // namespace sluice
