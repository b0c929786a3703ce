// Parts of a text: substring, left, right, split_part, overlay. Results share the argument's bytes
// where they can.
#include <limits>

#include "expr/kernel.hpp"
#include "values/text/characters.hpp"
#include "values/text/find_text.hpp"

namespace sluice {

namespace {

using namespace types;

Unexpected negative_length() {
  return fail(ErrorCode::invalid_argument, "negative substring length not allowed");
}

// Characters from `first` (from 1) up to, not including, `end`.
std::string_view slice(std::string_view value, int64_t first, int64_t end) {
  first = std::max<int64_t>(first, 1);
  if (end <= first) return {};
  const std::string_view rest =
      value.substr(character_offset(value, static_cast<size_t>(first - 1)));
  return rest.substr(0, character_offset(rest, static_cast<size_t>(end - first)));
}
constexpr int64_t to_the_end = std::numeric_limits<int64_t>::max();

std::string_view substring_from(std::string_view value, int32_t start) {
  return slice(value, start, to_the_end);
}
Result<std::string_view> substring_for(std::string_view value, int32_t start, int32_t length) {
  if (length < 0) return negative_length();
  return slice(value, start, int64_t{start} + length);
}

// A negative count leaves that many characters out at the other end.
std::string_view left(std::string_view value, int32_t count) {
  const int64_t kept = count >= 0 ? count : static_cast<int64_t>(count_characters(value)) + count;
  return slice(value, 1, kept + 1);
}
std::string_view right(std::string_view value, int32_t count) {
  const int64_t dropped =
      count < 0 ? -int64_t{count} : static_cast<int64_t>(count_characters(value)) - count;
  return slice(value, dropped + 1, to_the_end);
}

Result<std::string_view> overlay(Scope& scope, std::string_view value, std::string_view part,
                                 int32_t start, int64_t length) {
  if (start <= 0) return negative_length();
  const int64_t next = start + length;
  if (next != static_cast<int32_t>(next)) {
    return fail(ErrorCode::value_out_of_range, "integer out of range");
  }
  std::string& buffer = scope.buffer();
  buffer += slice(value, 1, start);
  buffer += part;
  buffer += slice(value, next, to_the_end);
  return scope.copy(buffer);
}

// The n-th of the fields between separators, from the left.
std::string_view field_from_left(std::string_view value, std::string_view separator, int64_t n) {
  for (; n > 1; --n) {
    const size_t at = find_text(value, separator);
    if (at == std::string_view::npos) return {};
    value.remove_prefix(at + separator.size());
  }
  return value.substr(0, find_text(value, separator));
}
std::string_view field_from_right(std::string_view value, std::string_view separator, int64_t n) {
  int64_t fields = 1;
  for (size_t at = find_text(value, separator); at != std::string_view::npos;
       at = find_text(value, separator, at + separator.size())) {
    ++fields;
  }
  return n > fields ? std::string_view() : field_from_left(value, separator, fields - n + 1);
}

Result<std::string_view> split_part(std::string_view value, std::string_view separator,
                                    int32_t field) {
  if (field == 0) {
    return fail(ErrorCode::invalid_argument, "field position must not be zero",
                "Count fields from 1, or from the end with negative numbers");
  }
  if (separator.empty()) return field == 1 || field == -1 ? value : std::string_view();
  return field > 0 ? field_from_left(value, separator, field)
                   : field_from_right(value, separator, -int64_t{field});
}

void add_substrings(FunctionRegistry& registry) {
  for (const char* name : {"substring", "substr"}) {
    registry.add(function(name, {text, integer}, text, per_row<substring_from>(),
                          "characters from a position on, from 1"));
    registry.add(function(name, {text, integer, integer}, text, per_row<substring_for>(),
                          "so many characters from a position on"));
  }
}

void add_overlay(FunctionRegistry& registry) {
  registry.add(function(
      "overlay", {text, text, integer, integer}, text,
      per_row([](Scope& scope, std::string_view value, std::string_view part, int32_t start,
                 int32_t length) { return overlay(scope, value, part, start, length); }),
      "a text in place of so many characters from a position on"));
  registry.add(function(
      "overlay", {text, text, integer}, text,
      per_row([](Scope& scope, std::string_view value, std::string_view part, int32_t start) {
        return overlay(scope, value, part, start, static_cast<int64_t>(count_characters(part)));
      }),
      "a text in place of as many characters"));
}

}  // namespace

void register_text_slices(FunctionRegistry& registry) {
  add_substrings(registry);
  add_overlay(registry);
  registry.add(function("left", {text, integer}, text, per_row<left>(), "the first characters"));
  registry.add(function("right", {text, integer}, text, per_row<right>(), "the last characters"));
  registry.add(function("split_part", {text, text, integer}, text, per_row<split_part>(),
                        "the n-th field between separators"));
}

}  // namespace sluice
