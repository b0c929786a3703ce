#include "sql/type_binder.hpp"

#include "sql/foreign_words.hpp"
#include "values/number/numeric.hpp"

namespace sluice {

namespace {

// The numbers in parentheses after a type; none when one is not a plain number.
std::optional<std::vector<int64_t>> modifiers_of(BindState& state, const ParseNode& node) {
  std::vector<int64_t> modifiers;
  for (const ParseNode& modifier : node.list("typmods")) {
    if (!modifier["ival"].exists()) return std::nullopt;
    const auto number = state.text().integer_at(modifier.position());
    if (!number) return std::nullopt;
    modifiers.push_back(*number);
  }
  return modifiers;
}

std::optional<Type> unsupported(BindState& state, uint32_t position, const std::string& name,
                                std::string advice) {
  state.error(ErrorCode::unsupported_type, position, "type " + name + " is not supported",
              std::move(advice));
  return std::nullopt;
}

std::string advice_for(const std::string& name) {
  const std::string_view advice = advice_for_foreign_word(ForeignWord::type, name);
  if (!advice.empty()) return std::string(advice);
  return "use bool, int, bigint, double precision, numeric, text, date, timestamp, timestamptz, "
         "interval or jsonb";
}

std::optional<Type> numeric_type(BindState& state, const std::vector<int64_t>& modifiers,
                                 uint32_t position) {
  const int64_t precision = modifiers[0];
  const int64_t scale = modifiers.size() > 1 ? modifiers[1] : 0;
  constexpr int64_t most = Numeric::max_digits;
  if (modifiers.size() > 2 || precision < 1 || precision > most || scale < -most || scale > most) {
    return unsupported(state, position, "numeric with this precision",
                       "numeric has up to 38 digits");
  }
  return Type{TypeKind::numeric, static_cast<uint8_t>(precision), static_cast<int8_t>(scale)};
}

}  // namespace

std::optional<Type> bind_type(BindState& state, const ParseNode& node, uint32_t fallback) {
  const int64_t location = node.integer("location", -1);
  const uint32_t position = location >= 0 ? static_cast<uint32_t>(location) : fallback;
  const std::string name = last_string(node.list("names"));
  if (!node.list("arrayBounds").empty()) {
    state.error(ErrorCode::unsupported_array, position, "arrays are not supported yet");
    return std::nullopt;
  }
  const auto type = parse_type(name);
  if (!type) return unsupported(state, position, name, advice_for(name));
  const auto modifiers = modifiers_of(state, node);
  if (modifiers && modifiers->empty()) return type;
  if (modifiers && type->kind == TypeKind::numeric) {
    return numeric_type(state, *modifiers, position);
  }
  const bool cuts = type->kind == TypeKind::text && modifiers && modifiers->size() == 1;
  return unsupported(state, position, name + " with a length or precision",
                     cuts ? "write left(a::text, " + std::to_string(modifiers->front()) +
                                "), which cuts as the cast would"
                          : "leave the parentheses out");
}

}  // namespace sluice
