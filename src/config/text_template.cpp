#include "config/text_template.hpp"

#include <algorithm>

namespace sluice {

namespace {

Unexpected malformed(const std::string& why) {
  return fail(ErrorCode::template_invalid, why,
              "begin with literal text and name columns in braces: ads:traffic:{day}");
}

bool is_column_name(std::string_view name) {
  return !name.empty() && name.find_first_of("{}") == std::string_view::npos;
}

// Whether the texts of two columns can be told apart by what stands between them.
Status check_literal(const std::vector<TextTemplate::Part>& before,
                     const TextTemplate::Part& part) {
  if (before.empty()) {
    if (!part.literal.empty()) return {};
    return malformed("the template has no literal text in front");
  }
  const std::string columns = "{" + before.back().column + "} and {" + part.column + "}";
  if (part.literal.empty()) {
    return fail(
        ErrorCode::template_invalid,
        "nothing stands between " + columns + ": a and bc would make the same key as ab and c",
        "write a character between them");
  }
  if (part.literal.front() != '\\') return {};
  return fail(ErrorCode::template_invalid,
              "the text between " + columns +
                  " begins with \"\\\", which escapes characters of their texts",
              "begin with another character");
}

}  // namespace

Result<TextTemplate> TextTemplate::parse(std::string_view text) {
  TextTemplate result;
  Part part;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_brace = text[i] == '{' || text[i] == '}';
    if (!is_brace || (i + 1 < text.size() && text[i + 1] == text[i])) {
      if (is_brace) ++i;
      part.literal += text[i];
      continue;
    }
    const size_t end = text.find('}', i);
    if (text[i] == '}') return malformed("\"}\" has no \"{\" before it");
    if (end == std::string_view::npos) return malformed("\"{\" is not closed");
    part.column = text.substr(i + 1, end - i - 1);
    if (!is_column_name(part.column)) return malformed("\"{" + part.column + "}\" names no column");
    SLUICE_TRY(check_literal(result.parts_, part));
    result.parts_.push_back(std::exchange(part, {}));
    i = end;
  }
  if (!part.literal.empty()) result.parts_.push_back(std::move(part));
  if (result.parts_.empty()) return malformed("the template is empty");
  return result;
}

std::vector<std::string> TextTemplate::columns() const {
  std::vector<std::string> names;
  for (const Part& part : parts_) {
    const bool is_new = std::find(names.begin(), names.end(), part.column) == names.end();
    if (!part.column.empty() && is_new) names.push_back(part.column);
  }
  return names;
}

}  // namespace sluice
