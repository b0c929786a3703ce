// TextTemplate: a text with columns in braces, such as the key of a Redis sink:
// ads:traffic:{day}:{minute}. It begins with literal text, which tells the keys of one sink from
// those of another, and has literal text between two columns, which tells their texts apart; {{ and
// }} stand for one brace. An immutable value; usable from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice {

class TextTemplate {
 public:
  struct Part {
    std::string literal;  // before the column; never begins with '\' behind another column
    std::string column;   // empty only in the last part, when the template ends with literal text
  };

  // Error template_invalid.
  static Result<TextTemplate> parse(std::string_view text);

  const std::vector<Part>& parts() const { return parts_; }
  // In the order of the text, each once.
  std::vector<std::string> columns() const;

 private:
  std::vector<Part> parts_;
};

}  // namespace sluice
