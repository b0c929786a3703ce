#include "values/json/jsonb_path.hpp"

#include <charconv>

#include "values/json/jsonb_view.hpp"
#include "values/text/bad_text.hpp"

namespace sluice {

namespace {

Unexpected malformed(std::string_view literal) {
  return fail(ErrorCode::invalid_text, "malformed array literal: " + quoted_excerpt(literal));
}

// One element of an array literal and whether it was in quotes.
struct Element {
  std::string text;
  bool is_quoted = false;
  bool is_complete = true;
};

// Reads up to the comma or the end; `rest` is left there.
Element take_element(std::string_view& rest) {
  Element element;
  size_t kept = 0;  // without blanks behind an unquoted text
  bool in_quotes = false;
  while (!rest.empty() && (in_quotes || rest.front() != ',')) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '"') {
      in_quotes = !in_quotes;
      element.is_quoted = true;
      kept = element.text.size();
      continue;
    }
    if (c == '\\') {
      if (rest.empty()) break;
      element.text += rest.front();
      rest.remove_prefix(1);
      kept = element.text.size();
      continue;
    }
    const bool is_blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (is_blank && !in_quotes && element.text.empty()) continue;
    element.text += c;
    if (in_quotes || !is_blank) kept = element.text.size();
  }
  element.is_complete = !in_quotes;
  element.text.resize(kept);
  return element;
}

std::optional<int32_t> index_of(const std::string& step) {
  int32_t index = 0;
  const char* end = step.data() + step.size();
  const auto [stop, problem] = std::from_chars(step.data(), end, index);
  if (problem != std::errc{} || stop != end) return std::nullopt;
  return index;
}

}  // namespace

std::optional<std::string_view> jsonb_step(std::string_view document, std::string_view step) {
  if (jsonb_kind(document) == JsonbKind::object) return jsonb_member(document, step);
  const auto index = index_of(std::string(step));
  return index ? jsonb_element(document, *index) : std::nullopt;
}

Result<JsonbPath> JsonbPath::parse(std::string_view literal) {
  const std::string_view body = trimmed(literal);
  if (body.size() < 2 || body.front() != '{' || body.back() != '}') return malformed(literal);
  std::string_view rest = body.substr(1, body.size() - 2);
  JsonbPath path;
  if (trimmed(rest).empty()) return path;
  while (true) {
    Element element = take_element(rest);
    if (!element.is_complete || (element.text.empty() && !element.is_quoted)) {
      return malformed(literal);
    }
    const bool is_null = !element.is_quoted && equals_ignoring_case(element.text, "null");
    path.steps_.push_back(is_null ? std::nullopt : std::optional(std::move(element.text)));
    if (rest.empty()) return path;
    rest.remove_prefix(1);
  }
}

std::optional<std::string_view> JsonbPath::find(std::string_view document) const {
  std::optional<std::string_view> value = document;
  for (const auto& step : steps_) {
    if (!step) return std::nullopt;
    value = jsonb_step(*value, *step);
    if (!value) return std::nullopt;
  }
  return value;
}

}  // namespace sluice
