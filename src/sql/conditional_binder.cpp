#include "sql/conditional_binder.hpp"

#include <algorithm>

#include "sql/operator_binder.hpp"

namespace sluice {

namespace {

std::vector<Bound> bind_all(ExpressionBinder& binder, const ParseNode::List& nodes) {
  std::vector<Bound> values;
  for (const ParseNode& node : nodes) values.push_back(binder.bind(node));
  const bool complete = std::all_of(values.begin(), values.end(),
                                    [](const Bound& value) { return value.expression != nullptr; });
  if (!complete) values.clear();
  return values;
}

// WHEN of a searched CASE is a condition, of a simple CASE a value that the operand may equal.
ExpressionPtr bind_when(ExpressionBinder& binder, const Bound& operand, const ParseNode& when) {
  if (!operand) return binder.bind_boolean(when["expr"], "condition of WHEN");
  const Bound value = binder.bind(when["expr"]);
  return resolve_infix(binder, "=", operand, value, when["expr"].position()).expression;
}

}  // namespace

bool unify(ExpressionBinder& binder, std::vector<Bound>& values, uint32_t position) {
  BindState& state = binder.state();
  std::vector<Type> types;
  std::vector<bool> untyped;
  for (const Bound& value : values) {
    types.push_back(value.expression->type());
    untyped.push_back(value.untyped);
  }
  const auto common = state.functions().common_type(types, untyped);
  if (!common) {
    state.error(common.error().code, position, common.error().message, common.error().advice);
    return false;
  }
  bool complete = true;
  for (Bound& value : values) {
    const uint32_t place = value.expression->position();
    value = binder.coerce(value, *common, place == Expression::no_position ? position : place);
    complete = complete && value;
  }
  return complete;
}

Bound bind_case(ExpressionBinder& binder, const ParseNode& node) {
  const bool is_simple = node["arg"].exists();
  // An untyped operand is text, whatever it is compared with.
  const Bound operand = is_simple ? Bound{binder.bind_typed(node["arg"])} : Bound{};
  if (is_simple && !operand) return {};
  std::vector<CaseBranch> branches;
  std::vector<Bound> results;
  bool complete = true;
  for (const ParseNode& when : node.list("args")) {
    branches.push_back({bind_when(binder, operand, when), nullptr});
    results.push_back(binder.bind(when["result"]));
    complete = complete && branches.back().condition && results.back();
  }
  const bool has_else = node["defresult"].exists();
  if (has_else) results.push_back(binder.bind(node["defresult"]));
  const uint32_t position = node.position();
  if (!complete || !results.back() || !unify(binder, results, position)) return {};
  for (size_t i = 0; i < branches.size(); ++i) branches[i].result = results[i].expression;
  const Type type = results.front().expression->type();
  return {std::make_shared<Expression>(
      type, Case{std::move(branches), has_else ? results.back().expression : nullptr}, position)};
}

Bound bind_coalesce(ExpressionBinder& binder, const ParseNode& node) {
  auto values = bind_all(binder, node.list("args"));
  const uint32_t position = node.position();
  if (values.empty() || !unify(binder, values, position)) return {};
  const Type type = values.front().expression->type();
  Coalesce coalesce;
  for (Bound& value : values) coalesce.operands.push_back(std::move(value.expression));
  return {std::make_shared<Expression>(type, std::move(coalesce), position)};
}

Bound bind_greatest_least(ExpressionBinder& binder, const ParseNode& node) {
  const auto values = bind_all(binder, node.list("args"));
  if (values.empty()) return {};
  std::vector<ExpressionPtr> arguments;
  std::vector<bool> untyped;
  for (const Bound& value : values) {
    arguments.push_back(value.expression);
    untyped.push_back(value.untyped);
  }
  BindState& state = binder.state();
  const uint32_t position = node.position();
  const char* name = node.text("op") == "IS_LEAST" ? "least" : "greatest";
  return state.take(state.functions().resolve(FunctionForm::function, name, std::move(arguments),
                                              untyped, position),
                    position);
}

}  // namespace sluice
