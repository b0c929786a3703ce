#include "sql/operator_binder.hpp"

#include <algorithm>
#include <optional>

#include "sql/unsupported_calls.hpp"

namespace sluice {

namespace {

ExpressionPtr combine(Conjunction::Kind kind, std::vector<ExpressionPtr> operands,
                      uint32_t position) {
  return std::make_shared<Expression>(Type{TypeKind::boolean},
                                      Conjunction{kind, std::move(operands)}, position);
}

Bound negate(ExpressionBinder& binder, const Bound& value, uint32_t position) {
  if (!value) return {};
  BindState& state = binder.state();
  return state.take(
      state.functions().resolve(FunctionForm::prefix, "not", {value.expression}, {false}, position),
      position);
}

// value >= low AND value <= high
Bound between(ExpressionBinder& binder, const Bound& value, const Bound& low, const Bound& high,
              uint32_t position) {
  const Bound above = resolve_infix(binder, ">=", value, low, position);
  const Bound below = resolve_infix(binder, "<=", value, high, position);
  if (!above || !below) return {};
  return {combine(Conjunction::Kind::all, {above.expression, below.expression}, position)};
}

Bound bind_between(ExpressionBinder& binder, const ParseNode& node, bool symmetric, bool negated) {
  const auto& bounds = node["rexpr"].list("items");
  if (bounds.size() != 2) return {};
  const uint32_t position = static_cast<uint32_t>(node.integer("location"));
  const Bound value = binder.bind(node["lexpr"]);
  const Bound low = binder.bind(bounds[0]);
  const Bound high = binder.bind(bounds[1]);
  if (!value || !low || !high) return {};
  Bound result = between(binder, value, low, high, position);
  if (symmetric && result) {
    const Bound turned = between(binder, value, high, low, position);
    result = {combine(Conjunction::Kind::any, {result.expression, turned.expression}, position)};
  }
  return negated ? negate(binder, result, position) : result;
}

// One comparison with all items: they and the value meet in their common type.
Bound in_list(ExpressionBinder& binder, const std::vector<Bound>& value_and_items, bool negated,
              uint32_t position) {
  BindState& state = binder.state();
  std::vector<ExpressionPtr> arguments;
  std::vector<bool> untyped;
  for (const Bound& one : value_and_items) {
    arguments.push_back(one.expression);
    untyped.push_back(one.untyped);
  }
  return state.take(state.functions().resolve(FunctionForm::infix, negated ? "not in" : "in",
                                              std::move(arguments), untyped, position),
                    position);
}

bool reads_columns(const Bound& value) { return !columns_of(*value.expression).empty(); }

bool are_of_one_type(const std::vector<Bound>& values) {
  std::optional<TypeKind> common;
  for (const Bound& value : values) {
    if (value.untyped) continue;
    const TypeKind kind = value.expression->type().kind;
    if (common && *common != kind) return false;
    common = kind;
  }
  return true;
}

// As in PostgreSQL, constants meet in one type and are compared first, and what reads columns is
// compared one by one, up to the first that decides: 1 and a double as doubles, 1 and a numeric
// beside it as numerics. One constant alone is like a column.
Bound in_list_of_columns(ExpressionBinder& binder, const std::vector<Bound>& value_and_items,
                         bool negated, uint32_t position) {
  const Bound& value = value_and_items.front();
  std::vector<Bound> constants{value};
  std::vector<Bound> singles;
  for (size_t i = 1; i < value_and_items.size(); ++i) {
    const Bound& item = value_and_items[i];
    (reads_columns(item) ? singles : constants).push_back(item);
  }
  std::vector<ExpressionPtr> comparisons;
  if (constants.size() > 2) {
    const Bound list = in_list(binder, constants, negated, position);
    if (!list) return {};
    comparisons.push_back(list.expression);
  } else {
    singles.assign(value_and_items.begin() + 1, value_and_items.end());
  }
  for (const Bound& item : singles) {
    const Bound one = resolve_infix(binder, negated ? "<>" : "=", value, item, position);
    if (!one) return {};
    comparisons.push_back(one.expression);
  }
  if (comparisons.size() == 1) return {comparisons.front()};
  const auto kind = negated ? Conjunction::Kind::all : Conjunction::Kind::any;
  return {combine(kind, std::move(comparisons), position)};
}

Bound bind_in(ExpressionBinder& binder, const ParseNode& node, bool negated) {
  const uint32_t position = static_cast<uint32_t>(node.integer("location"));
  std::vector<Bound> values{binder.bind(node["lexpr"])};
  for (const ParseNode& item : node["rexpr"].list("items")) values.push_back(binder.bind(item));
  const bool complete = std::all_of(values.begin(), values.end(),
                                    [](const Bound& value) { return value.expression != nullptr; });
  if (!complete) return {};
  const bool is_of_constants = std::none_of(values.begin() + 1, values.end(), reads_columns);
  return is_of_constants && are_of_one_type(values)
             ? in_list(binder, values, negated, position)
             : in_list_of_columns(binder, values, negated, position);
}

// PostgreSQL compares these with an operator of their own, and so converts neither.
bool meet_as_they_are(TypeKind left, TypeKind right) {
  const auto is_whole = [](TypeKind kind) {
    return kind == TypeKind::integer || kind == TypeKind::bigint;
  };
  const auto is_day_or_time = [](TypeKind kind) {
    return kind == TypeKind::date || kind == TypeKind::timestamp || kind == TypeKind::timestamptz;
  };
  return (is_whole(left) && is_whole(right)) || (is_day_or_time(left) && is_day_or_time(right));
}

// NULLIF(a, b) is CASE WHEN a = b THEN NULL ELSE a END, with a as it is compared: 3 beside a
// numeric is 3::numeric.
Bound bind_nullif(ExpressionBinder& binder, const ParseNode& node) {
  const uint32_t position = static_cast<uint32_t>(node.integer("location"));
  const Bound left = binder.bind(node["lexpr"]);
  const Bound right = binder.bind(node["rexpr"]);
  if (!left || !right) return {};
  const Bound equal = resolve_infix(binder, "=", left, right, position);
  if (!equal) return {};
  ExpressionPtr kept = equal.expression->as<Call>()->arguments.front();
  const Type written = left.expression->type();
  if (!left.untyped && meet_as_they_are(written.kind, kept->type().kind)) kept = left.expression;
  const Type type = kept->type();
  Case choice{{{equal.expression, literal(Value::null(type), position)}}, std::move(kept)};
  return {std::make_shared<Expression>(type, std::move(choice), position)};
}

Bound bind_infix(ExpressionBinder& binder, const ParseNode& node, std::string_view operation) {
  const Bound left = binder.bind(node["lexpr"]);
  const Bound right = binder.bind(node["rexpr"]);
  if (!left || !right) return {};
  const uint32_t position = static_cast<uint32_t>(node.integer("location"));
  if (report_unsupported_operator(binder.state(), operation, position)) return {};
  return resolve_infix(binder, operation, left, right, position);
}

Bound bind_prefix(ExpressionBinder& binder, const ParseNode& node, const std::string& operation) {
  const Bound operand = binder.bind(node["rexpr"]);
  if (!operand) return {};
  BindState& state = binder.state();
  const uint32_t position = static_cast<uint32_t>(node.integer("location"));
  if (report_unsupported_operator(state, operation, position)) return {};
  return state.take(state.functions().resolve(FunctionForm::prefix, operation, {operand.expression},
                                              {operand.untyped}, position),
                    position);
}

}  // namespace

Bound resolve_infix(ExpressionBinder& binder, std::string_view operation, const Bound& left,
                    const Bound& right, uint32_t position) {
  if (!left || !right) return {};
  BindState& state = binder.state();
  auto call =
      state.functions().resolve(FunctionForm::infix, operation, {left.expression, right.expression},
                                {left.untyped, right.untyped}, position);
  // A literal that is no value of the other side's type is what is wrong, not the operator.
  const bool bad_literal = !call && (call.error().code == ErrorCode::invalid_text ||
                                     call.error().code == ErrorCode::value_out_of_range);
  uint32_t place = position;
  if (bad_literal && left.untyped != right.untyped) {
    place = (left.untyped ? left : right).expression->position();
  }
  return state.take(std::move(call), place);
}

Bound bind_operator(ExpressionBinder& binder, const ParseNode& node) {
  const std::string& kind = node.text("kind");
  const std::string operation = last_string(node.list("name"));
  if (kind == "AEXPR_OP") {
    if (!node["lexpr"].exists()) return bind_prefix(binder, node, operation);
    return bind_infix(binder, node, operation);
  }
  // LIKE, ILIKE and SIMILAR TO come with the operator that stands for them.
  if (kind == "AEXPR_LIKE" || kind == "AEXPR_ILIKE" || kind == "AEXPR_SIMILAR") {
    return bind_infix(binder, node, operation);
  }
  if (kind == "AEXPR_DISTINCT") return bind_infix(binder, node, "is distinct from");
  if (kind == "AEXPR_NOT_DISTINCT") return bind_infix(binder, node, "is not distinct from");
  if (kind == "AEXPR_NULLIF") return bind_nullif(binder, node);
  if (kind == "AEXPR_IN") return bind_in(binder, node, operation == "<>");
  if (kind.starts_with("AEXPR_BETWEEN") || kind.starts_with("AEXPR_NOT_BETWEEN")) {
    return bind_between(binder, node, kind.ends_with("_SYM"),
                        kind.starts_with("AEXPR_NOT_BETWEEN"));
  }
  binder.state().error(ErrorCode::unsupported_array, node.position(),
                       "ANY and ALL over arrays are not supported yet", "use IN (…)");
  return {};
}

}  // namespace sluice
