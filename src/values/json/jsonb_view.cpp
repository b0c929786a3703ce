#include "values/json/jsonb_view.hpp"

#include <charconv>

namespace sluice {

namespace {

// Bytes of the string in quotes at the start.
size_t string_length(std::string_view text) {
  size_t at = 1;
  while (text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at + 1;
}

size_t container_length(std::string_view text) {
  size_t depth = 0;
  size_t at = 0;
  while (true) {
    const char c = text[at];
    if (c == '"') {
      at += string_length(text.substr(at));
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
    if (depth == 0) return at;
  }
}

size_t value_length(std::string_view text) {
  if (text.front() == '"') return string_length(text);
  if (text.front() == '{' || text.front() == '[') return container_length(text);
  const size_t end = text.find_first_of(",]}");
  return end == std::string_view::npos ? text.size() : end;
}

char unescaped(char escape) {
  switch (escape) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return escape;
  }
}

}  // namespace

JsonbKind jsonb_kind(std::string_view value) {
  switch (value.front()) {
    case 'n':
      return JsonbKind::null;
    case '"':
      return JsonbKind::string;
    case 't':
    case 'f':
      return JsonbKind::boolean;
    case '[':
      return JsonbKind::array;
    case '{':
      return JsonbKind::object;
    default:
      return JsonbKind::number;
  }
}

JsonbItems::JsonbItems(std::string_view container)
    : rest_(container.substr(1, container.size() - 2)), is_object_(container.front() == '{') {}

std::string_view JsonbItems::take_value() {
  const std::string_view taken = rest_.substr(0, value_length(rest_));
  rest_.remove_prefix(taken.size());
  return taken;
}

bool JsonbItems::next() {
  if (rest_.empty()) return false;
  if (rest_.front() == ',') rest_.remove_prefix(2);
  if (is_object_) {
    key_ = take_value();
    rest_.remove_prefix(2);
  }
  value_ = take_value();
  return true;
}

size_t jsonb_count(std::string_view container) {
  size_t count = 0;
  for (JsonbItems items(container); items.next();) ++count;
  return count;
}

std::optional<std::string_view> jsonb_member(std::string_view value, std::string_view key) {
  if (jsonb_kind(value) != JsonbKind::object) return std::nullopt;
  std::string buffer;
  for (JsonbItems items(value); items.next();) {
    if (jsonb_string(items.key(), buffer) == key) return items.value();
  }
  return std::nullopt;
}

std::optional<std::string_view> jsonb_element(std::string_view value, int64_t index) {
  if (jsonb_kind(value) != JsonbKind::array) return std::nullopt;
  if (index < 0) index += static_cast<int64_t>(jsonb_count(value));
  if (index < 0) return std::nullopt;
  for (JsonbItems items(value); items.next(); --index) {
    if (index == 0) return items.value();
  }
  return std::nullopt;
}

std::string_view jsonb_string(std::string_view quoted, std::string& buffer) {
  const std::string_view inner = quoted.substr(1, quoted.size() - 2);
  if (inner.find('\\') == std::string_view::npos) return inner;
  buffer.clear();
  for (size_t at = 0; at < inner.size(); ++at) {
    if (inner[at] != '\\') {
      buffer += inner[at];
      continue;
    }
    ++at;
    if (inner[at] != 'u') {
      buffer += unescaped(inner[at]);
      continue;
    }
    // Canonical text escapes control characters alone by number.
    int code = 0;
    std::from_chars(inner.data() + at + 1, inner.data() + at + 5, code, 16);
    buffer += static_cast<char>(code);
    at += 4;
  }
  return buffer;
}

}  // namespace sluice
