// Case, length, search and order of characters.
#include <algorithm>

#include "expr/kernel.hpp"
#include "values/text/characters.hpp"
#include "values/text/find_text.hpp"

namespace sluice {

namespace {

using namespace types;

template <char (*convert)(char)>
std::string_view converted(Scope& scope, std::string_view value) {
  char* target = scope.arena().allocate(value.size());
  std::transform(value.begin(), value.end(), target, convert);
  return {target, value.size()};
}

bool is_ascii_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string_view initcap(Scope& scope, std::string_view value) {
  char* target = scope.arena().allocate(value.size());
  bool is_inside = false;
  for (size_t i = 0; i < value.size(); ++i) {
    target[i] = is_inside ? ascii_lower(value[i]) : ascii_upper(value[i]);
    is_inside = is_ascii_alphanumeric(value[i]);
  }
  return {target, value.size()};
}

std::string_view reversed(Scope& scope, std::string_view value) {
  char* const target = scope.arena().allocate(value.size());
  char* end = target + value.size();
  for (size_t at = 0; at < value.size();) {
    const size_t size = character_length(value[at]);
    end -= size;
    value.copy(end, size, at);
    at += size;
  }
  return {target, value.size()};
}

// 0: not found.
int32_t position_of(std::string_view value, std::string_view part) {
  const size_t at = find_text(value, part);
  if (at == std::string_view::npos) return 0;
  return static_cast<int32_t>(count_characters(value.substr(0, at))) + 1;
}

void add_case(FunctionRegistry& registry) {
  registry.add(function("lower", {text}, text, per_row<converted<ascii_lower>>(),
                        "in lower case, as far as ASCII goes"));
  registry.add(function("upper", {text}, text, per_row<converted<ascii_upper>>(),
                        "in upper case, as far as ASCII goes"));
  registry.add(function("initcap", {text}, text, per_row<initcap>(), "Each Word Capitalised"));
}

void add_lengths(FunctionRegistry& registry) {
  for (const char* name : {"length", "char_length", "character_length"}) {
    registry.add(function(name, {text}, integer, per_row([](std::string_view value) {
                            return static_cast<int32_t>(count_characters(value));
                          }),
                          "characters of a text"));
  }
  registry.add(function("octet_length", {text}, integer, per_row([](std::string_view value) {
                          return static_cast<int32_t>(value.size());
                        }),
                        "bytes of a text in UTF-8"));
  registry.add(function("bit_length", {text}, integer, per_row([](std::string_view value) {
                          return static_cast<int32_t>(value.size() * 8);
                        }),
                        "bits of a text in UTF-8"));
}

void add_search(FunctionRegistry& registry) {
  for (const char* name : {"position", "strpos"}) {
    registry.add(function(name, {text, text}, integer, per_row<position_of>(),
                          "where a part starts, from 1; 0 when it is not there"));
  }
  const KernelSpec starts = per_row(
      [](std::string_view value, std::string_view prefix) { return value.starts_with(prefix); });
  registry.add(function("starts_with", {text, text}, boolean, starts, "begins with"));
  registry.add(infix("^@", {text, text}, boolean, starts, "begins with"));
}

}  // namespace

void register_text(FunctionRegistry& registry) {
  add_case(registry);
  add_lengths(registry);
  add_search(registry);
  registry.add(function("reverse", {text}, text, per_row<reversed>(), "backwards"));
}

}  // namespace sluice
