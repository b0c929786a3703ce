#include "values/text/bad_text.hpp"

namespace sluice {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string quoted_excerpt(std::string_view text) {
  constexpr size_t longest = 100;
  std::string quoted = "\"";
  if (text.size() <= longest) {
    quoted += text;
  } else {
    size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    quoted += text.substr(0, end);
    quoted += "...";
  }
  return quoted + "\"";
}

Unexpected fail_syntax(std::string_view type, std::string_view text) {
  return fail(ErrorCode::invalid_text,
              "invalid input syntax for type " + std::string(type) + ": " + quoted_excerpt(text));
}

Unexpected fail_range(std::string_view type, std::string_view text) {
  return fail(ErrorCode::value_out_of_range,
              "value " + quoted_excerpt(text) + " is out of range for type " + std::string(type));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  for (size_t i = 0; i < left.size(); ++i) {
    if (lower(left[i]) != lower(right[i])) return false;
  }
  return true;
}

}  // namespace sluice
