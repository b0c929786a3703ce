#include "sql/operator_binder.hpp"

namespace sluice {

namespace {

ExpressionPtr combine(Conjunction::Kind kind, ExpressionPtr left, ExpressionPtr right,
                      uint32_t position) {
  std::vector<ExpressionPtr> operands{std::move(left), std::move(right)};
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
  return {combine(Conjunction::Kind::all, above.expression, below.expression, position)};
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
    result = {combine(Conjunction::Kind::any, result.expression, turned.expression, position)};
  }
  return negated ? negate(binder, result, position) : result;
}

Bound bind_in(ExpressionBinder& binder, const ParseNode& node, bool negated) {
  BindState& state = binder.state();
  const uint32_t position = static_cast<uint32_t>(node.integer("location"));
  std::vector<ExpressionPtr> arguments;
  std::vector<bool> untyped;
  bool complete = true;
  const auto take = [&](const ParseNode& part) {
    const Bound bound = binder.bind(part);
    complete = complete && bound;
    arguments.push_back(bound.expression);
    untyped.push_back(bound.untyped);
  };
  take(node["lexpr"]);
  for (const ParseNode& item : node["rexpr"].list("items")) take(item);
  if (!complete) return {};
  return state.take(state.functions().resolve(FunctionForm::infix, negated ? "not in" : "in",
                                              std::move(arguments), untyped, position),
                    position);
}

// NULLIF(a, b) is CASE WHEN a = b THEN NULL ELSE a END, with the type of a.
Bound bind_nullif(ExpressionBinder& binder, const ParseNode& node) {
  const uint32_t position = static_cast<uint32_t>(node.integer("location"));
  const Bound left = binder.bind(node["lexpr"]);
  const Bound right = binder.bind(node["rexpr"]);
  if (!left || !right) return {};
  const Bound equal = resolve_infix(binder, "=", left, right, position);
  if (!equal) return {};
  const Type type = left.expression->type();
  Case choice{{{equal.expression, literal(Value::null(type), position)}}, left.expression};
  return {std::make_shared<Expression>(type, std::move(choice), position)};
}

Bound bind_infix(ExpressionBinder& binder, const ParseNode& node, std::string_view operation) {
  const Bound left = binder.bind(node["lexpr"]);
  const Bound right = binder.bind(node["rexpr"]);
  if (!left || !right) return {};
  return resolve_infix(binder, operation, left, right,
                       static_cast<uint32_t>(node.integer("location")));
}

Bound bind_prefix(ExpressionBinder& binder, const ParseNode& node, const std::string& operation) {
  const Bound operand = binder.bind(node["rexpr"]);
  if (!operand) return {};
  BindState& state = binder.state();
  const uint32_t position = static_cast<uint32_t>(node.integer("location"));
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
