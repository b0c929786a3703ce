// JsonbPath: the text[] operand of #>, ?| and the like, written as an array literal: {a,0,"b c"}.
// Plain value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice {

// One step from a document: a key of an object, an index of an array; none when there is no such.
std::optional<std::string_view> jsonb_step(std::string_view document, std::string_view step);

class JsonbPath {
 public:
  // Error invalid_text: not an array of texts.
  static Result<JsonbPath> parse(std::string_view literal);

  // None: NULL.
  const std::vector<std::optional<std::string>>& steps() const { return steps_; }
  // The value there; none when there is none or a step is NULL.
  std::optional<std::string_view> find(std::string_view document) const;

 private:
  std::vector<std::optional<std::string>> steps_;
};

// The path of the row before: it is the same in most rows, and read again only when it changes. One
// call of a kernel.
class LastJsonbPath {
 public:
  const Result<JsonbPath>& of(std::string_view literal) {
    if (literal != last_ || last_.empty()) path_ = JsonbPath::parse(literal);
    last_ = literal;
    return path_;
  }

 private:
  std::string_view last_;
  Result<JsonbPath> path_;
};

}  // namespace sluice
