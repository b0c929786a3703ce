#include "values/type.hpp"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "base/assert.hpp"
#include "values/number/numeric.hpp"

namespace sluice {

namespace {

using NamedKind = std::pair<std::string_view, TypeKind>;

// The first name of a kind is the one that type_name prints.
constexpr NamedKind type_names[] = {
    {"boolean", TypeKind::boolean},
    {"bool", TypeKind::boolean},
    {"integer", TypeKind::integer},
    {"int", TypeKind::integer},
    {"int4", TypeKind::integer},
    {"bigint", TypeKind::bigint},
    {"int8", TypeKind::bigint},
    {"double precision", TypeKind::double_precision},
    {"float8", TypeKind::double_precision},
    {"float", TypeKind::double_precision},
    {"numeric", TypeKind::numeric},
    {"decimal", TypeKind::numeric},
    {"dec", TypeKind::numeric},
    {"text", TypeKind::text},
    {"varchar", TypeKind::text},
    {"character varying", TypeKind::text},
    {"date", TypeKind::date},
    {"timestamp", TypeKind::timestamp},
    {"timestamp without time zone", TypeKind::timestamp},
    {"timestamptz", TypeKind::timestamptz},
    {"timestamp with time zone", TypeKind::timestamptz},
    {"interval", TypeKind::interval},
    {"jsonb", TypeKind::jsonb},
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Lower case, outer blanks removed, inner ones made one space.
std::string tidy_name(std::string_view text) {
  std::string tidy;
  bool gap = false;
  for (const char c : text) {
    if (is_space(c)) {
      gap = !tidy.empty();
      continue;
    }
    if (gap) tidy += ' ';
    gap = false;
    tidy += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return tidy;
}

std::optional<int> parse_modifier(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "16,2" or "16": what stands between the parentheses of numeric(…).
std::optional<Type> numeric_with(std::string_view modifiers) {
  const size_t comma = modifiers.find(',');
  const auto precision = parse_modifier(modifiers.substr(0, comma));
  const auto scale = comma == std::string_view::npos ? std::optional(0)
                                                     : parse_modifier(modifiers.substr(comma + 1));
  constexpr int most = Numeric::max_digits;
  if (!precision || !scale || *precision < 1 || *precision > most) return std::nullopt;
  if (*scale < -most || *scale > most) return std::nullopt;
  return Type{TypeKind::numeric, static_cast<uint8_t>(*precision), static_cast<int8_t>(*scale)};
}

std::optional<TypeKind> find_kind(std::string_view name) {
  for (const auto& [known, kind] : type_names) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

}  // namespace

size_t value_width(TypeKind kind) {
  switch (kind) {
    case TypeKind::boolean:
      return sizeof(uint8_t);
    case TypeKind::integer:
    case TypeKind::date:
      return sizeof(int32_t);
    case TypeKind::bigint:
    case TypeKind::double_precision:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return sizeof(int64_t);
    case TypeKind::numeric:
      return sizeof(Numeric);
    case TypeKind::interval:
      return sizeof(Interval);
    case TypeKind::text:
    case TypeKind::jsonb:
      return sizeof(std::string_view);
  }
  SLUICE_ASSERT(false, "unknown type");
}

std::string type_name(Type type) {
  for (const auto& [name, kind] : type_names) {
    if (kind != type.kind) continue;
    std::string text(name);
    if (type.kind == TypeKind::numeric && type.precision > 0) {
      text += "(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
    }
    return text;
  }
  SLUICE_ASSERT(false, "unknown type");
}

std::optional<Type> parse_type(std::string_view text) {
  const std::string name = tidy_name(text);
  const size_t open = name.find('(');
  if (open == std::string::npos) {
    const auto kind = find_kind(name);
    return kind ? std::optional(Type{*kind}) : std::nullopt;
  }
  if (name.back() != ')') return std::nullopt;
  const std::string base = tidy_name(std::string_view(name).substr(0, open));
  if (find_kind(base) != TypeKind::numeric) return std::nullopt;
  return numeric_with(std::string_view(name).substr(open + 1, name.size() - open - 2));
}

}  // namespace sluice
