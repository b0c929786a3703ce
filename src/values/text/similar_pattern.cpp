#include "values/text/similar_pattern.hpp"

#include "values/text/characters.hpp"

namespace sluice {

namespace {

class SimilarReader {
 public:
  explicit SimilarReader(std::string_view escape) : escape_(escape) {}

  Status read(std::string_view pattern) {
    constexpr size_t most_parts = 3;
    while (!pattern.empty()) {
      const std::string_view character = first_character(pattern);
      pattern.remove_prefix(character.size());
      read_character(character);
      if (parts_.size() > most_parts) {
        return fail(ErrorCode::invalid_argument,
                    "a pattern of SIMILAR TO has at most two separators",
                    "Leave one pair of escape and double quote around the part that is wanted");
      }
    }
    return {};
  }
  std::vector<std::string> take() { return std::move(parts_); }

 private:
  void read_character(std::string_view character) {
    std::string& regex = parts_.back();
    const char c = character.front();
    if (is_escaped_) {
      is_escaped_ = false;
      if (c == '"' && !is_in_set_) {
        parts_.emplace_back();
        return;
      }
      regex += '\\';
      regex += character;
    } else if (character == escape_) {
      is_escaped_ = true;
    } else if (is_in_set_) {
      if (c == '\\') regex += '\\';
      regex += character;
      is_in_set_ = c != ']';
    } else if (c == '%') {
      regex += ".*";
    } else if (c == '_') {
      regex += '.';
    } else if (c == '(') {
      regex += "(?:";
    } else {
      if (c == '\\' || c == '.' || c == '^' || c == '$') regex += '\\';
      regex += character;
      is_in_set_ = c == '[';
    }
  }

  std::string_view escape_;
  std::vector<std::string> parts_{""};
  bool is_escaped_ = false;
  bool is_in_set_ = false;
};

}  // namespace

Result<std::vector<std::string>> parts_of_similar(std::string_view pattern,
                                                  std::string_view escape) {
  if (!escape.empty() && first_character(escape).size() != escape.size()) {
    return fail(ErrorCode::invalid_argument, "invalid escape string",
                "The escape of SIMILAR TO is one character");
  }
  SimilarReader reader(escape);
  SLUICE_TRY(reader.read(pattern));
  return reader.take();
}

Result<std::string> regex_of_similar(std::string_view pattern, std::string_view escape) {
  SLUICE_ASSIGN(const std::vector<std::string> parts, parts_of_similar(pattern, escape));
  // The first part takes as little as it can, the second as much.
  constexpr std::string_view between[] = {"){1,1}?(", "){1,1}(?:"};
  std::string regex = "^(?:" + parts[0];
  for (size_t i = 1; i < parts.size(); ++i) regex.append(between[i - 1]).append(parts[i]);
  return regex + ")$";
}

}  // namespace sluice
