#include "sql/literal_binder.hpp"

#include <charconv>
#include <limits>

#include "sql/type_binder.hpp"
#include "values/number/numeric.hpp"

namespace sluice {

namespace {

Bound integer_constant(int64_t number, uint32_t position) {
  const bool fits = number >= std::numeric_limits<int32_t>::min() &&
                    number <= std::numeric_limits<int32_t>::max();
  if (fits) {
    return {literal(Value::of(Type{TypeKind::integer}, static_cast<int32_t>(number)), position)};
  }
  return {literal(Value::of(Type{TypeKind::bigint}, number), position)};
}

// Digits past int4 become bigint when they fit, everything else numeric, as in PostgreSQL.
Bound number_constant(BindState& state, const std::string& text, uint32_t position) {
  int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem == std::errc{} && end == text.data() + text.size()) {
    return integer_constant(number, position);
  }
  auto value = Numeric::parse(text);
  if (!value) {
    state.error(ErrorCode::invalid_literal, position, value.error().message,
                "a number without quotes is no double: write '" + text + "'::double precision");
    return {};
  }
  return {literal(Value::of(Type{TypeKind::numeric}, *value), position)};
}

Bound untyped_constant(std::string text, uint32_t position) {
  return {literal(Value::of(Type{TypeKind::text}, std::move(text)), position), true};
}

// libpg_query prints no integer that is not positive, so the sign and digits come from the text.
Bound small_integer(BindState& state, const ParseNode& node, uint32_t position) {
  if (node["ival"]["ival"].exists()) {
    return integer_constant(node["ival"].integer("ival"), position);
  }
  const auto number = state.text().integer_at(position);
  if (number) return integer_constant(*number, position);
  state.error(ErrorCode::invalid_literal, position, "this number cannot be read");
  return {};
}

struct IntervalUnit {
  int64_t mask;  // PostgreSQL's INTERVAL_MASK of one field
  std::string_view name;
};

constexpr IntervalUnit interval_units[] = {{1 << 2, "years"},    {1 << 1, "months"},
                                           {1 << 3, "days"},     {1 << 10, "hours"},
                                           {1 << 11, "minutes"}, {1 << 12, "seconds"}};

bool is_plain_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("+-0123456789.") == std::string_view::npos;
}

// INTERVAL '10' MINUTE: the field is the number's unit. Other uses of fields cut an interval's
// parts, which nobody wants of a constant.
Bound interval_with_field(ExpressionBinder& binder, const ParseNode& node, int64_t mask) {
  BindState& state = binder.state();
  const uint32_t position = node.position();
  const std::string& number = node["arg"]["sval"].text("sval");
  for (const IntervalUnit& unit : interval_units) {
    if (unit.mask != mask || !is_plain_number(number)) continue;
    const Bound text = untyped_constant(number + " " + std::string(unit.name), position);
    return binder.coerce(text, Type{TypeKind::interval}, position);
  }
  state.error(ErrorCode::unsupported_sql, position, "this form of INTERVAL is not supported",
              "put the units into the quotes: INTERVAL '1 day 2 hours'");
  return {};
}

bool is_interval_type(const ParseNode& type) {
  return last_string(type.list("names")) == "interval" && !type.list("typmods").empty();
}

}  // namespace

Bound bind_constant(ExpressionBinder& binder, const ParseNode& node) {
  BindState& state = binder.state();
  const uint32_t position = node.position();
  if (node.flag("isnull")) {
    return {literal(Value::null(Type{TypeKind::text}), position), true};
  }
  if (node["boolval"].exists()) {
    const uint8_t value = node["boolval"].flag("boolval") ? 1 : 0;
    return {literal(Value::of(Type{TypeKind::boolean}, value), position)};
  }
  if (node["ival"].exists()) return small_integer(state, node, position);
  if (node["fval"].exists()) return number_constant(state, node["fval"].text("fval"), position);
  if (node["sval"].exists()) return untyped_constant(node["sval"].text("sval"), position);
  state.error(ErrorCode::unsupported_type, position, "bit strings are not supported");
  return {};
}

Bound bind_cast(ExpressionBinder& binder, const ParseNode& node) {
  BindState& state = binder.state();
  const ParseNode& type_node = node["typeName"];
  const ParseNode& argument = node["arg"];
  if (is_interval_type(type_node) && argument.is("A_Const")) {
    const ParseNode& field = type_node.list("typmods").front();
    return interval_with_field(binder, node, field["ival"].integer("ival"));
  }
  const auto target = bind_type(state, type_node, node.position());
  Bound value = binder.bind(argument);
  if (!target || !value) return {};
  const uint32_t position = argument.position();
  if (value.untyped) return binder.coerce(value, *target, position);
  const int64_t location = node.integer("location", -1);
  const uint32_t place = location >= 0 ? static_cast<uint32_t>(location) : position;
  return state.take(state.functions().cast(value.expression, *target, true, place), place);
}

}  // namespace sluice
