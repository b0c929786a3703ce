// Filling, trimming and repeating: lpad, rpad, trim, repeat.
#include "expr/kernel.hpp"
#include "values/text/character_map.hpp"

namespace sluice {

namespace {

using namespace types;

// So many characters of a text that is written again and again.
void append_filling(std::string_view fill, size_t characters, std::string& out) {
  std::string_view rest = fill;
  for (; characters > 0; --characters) {
    if (rest.empty()) rest = fill;
    const std::string_view character = first_character(rest);
    out += character;
    rest.remove_prefix(character.size());
  }
}

template <bool at_left>
std::string_view pad(Scope& scope, std::string_view value, int32_t length, std::string_view fill) {
  const size_t wanted = length < 0 ? 0 : static_cast<size_t>(length);
  const size_t own = count_characters(value);
  if (own >= wanted) return value.substr(0, character_offset(value, wanted));
  if (fill.empty()) return value;
  const size_t times = (wanted - own) / count_characters(fill) + 1;
  scope.expect(value.size() + times * fill.size());
  std::string& buffer = scope.buffer();
  if (!at_left) buffer += value;
  append_filling(fill, wanted - own, buffer);
  if (at_left) buffer += value;
  return scope.copy(buffer);
}
template <bool at_left>
std::string_view pad_with_blanks(Scope& scope, std::string_view value, int32_t length) {
  return pad<at_left>(scope, value, length, " ");
}

std::string_view trim_left(std::string_view value, std::string_view set) {
  const CharacterMap trimmed(set);
  while (!value.empty() && trimmed.has(first_character(value))) {
    value.remove_prefix(character_length(value.front()));
  }
  return value;
}
std::string_view trim_right(std::string_view value, std::string_view set) {
  const CharacterMap trimmed(set);
  while (!value.empty()) {
    const size_t last = last_character_start(value);
    if (!trimmed.has(value.substr(last))) break;
    value = value.substr(0, last);
  }
  return value;
}
std::string_view trim_both(std::string_view value, std::string_view set) {
  return trim_right(trim_left(value, set), set);
}

std::string_view repeat(Scope& scope, std::string_view value, int32_t times) {
  if (times <= 0 || value.empty()) return {};
  const auto count = static_cast<size_t>(times);
  char* const target = scope.arena().allocate(value.size() * count);
  for (size_t i = 0; i < count; ++i) value.copy(target + i * value.size(), value.size());
  return {target, value.size() * count};
}

template <auto trim>
void add_trim(FunctionRegistry& registry, const char* name, const char* help) {
  registry.add(function(name, {text, text}, text, per_row<trim>(), help));
  registry.add(function(name, {text}, text,
                        per_row([](std::string_view value) { return trim(value, " "); }), help));
}

template <bool at_left>
void add_pad(FunctionRegistry& registry, const char* name, const char* help) {
  registry.add(function(name, {text, integer}, text, per_row<pad_with_blanks<at_left>>(), help));
  registry.add(function(name, {text, integer, text}, text, per_row<pad<at_left>>(), help));
}

}  // namespace

void register_text_padding(FunctionRegistry& registry) {
  add_trim<trim_both>(registry, "btrim", "without the given characters at both ends");
  add_trim<trim_left>(registry, "ltrim", "without the given characters at the start");
  add_trim<trim_right>(registry, "rtrim", "without the given characters at the end");
  add_pad<true>(registry, "lpad", "filled at the start, or cut, to a length");
  add_pad<false>(registry, "rpad", "filled at the end, or cut, to a length");
  registry.add(function("repeat", {text, integer}, text, per_row<repeat>(), "so many times"));
}

}  // namespace sluice
