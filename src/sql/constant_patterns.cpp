#include "sql/constant_patterns.hpp"

#include <algorithm>
#include <iterator>

#include "expr/evaluator.hpp"

namespace sluice {

namespace {

constexpr std::string_view pattern_functions[] = {
    "~",           "~*",           "!~",           "!~*",           "~~",
    "~~*",         "!~~",          "!~~*",         "like_escape",   "similar_to_escape",
    "regexp_like", "regexp_count", "regexp_instr", "regexp_substr", "regexp_replace",
};

bool takes_pattern(const Function& function) {
  return std::find(std::begin(pattern_functions), std::end(pattern_functions), function.name) !=
         std::end(pattern_functions);
}

// The value of an expression without columns. Null where it has none, or where computing it fails:
// then that was said of it alone.
ExpressionPtr constant_of(const ExpressionPtr& expression, const EvaluationContext& context) {
  if (!columns_of(*expression).empty() || !is_deterministic(*expression)) return nullptr;
  auto value = fold_constant(*expression, context);
  if (!value || value->is_null()) return nullptr;
  return literal(std::move(*value), expression->position());
}

}  // namespace

void check_constant_pattern(BindState& state, const Bound& bound) {
  const auto* call = bound ? bound.expression->as<Call>() : nullptr;
  if (call == nullptr || !takes_pattern(*call->function) || call->arguments.size() < 2) return;
  const EvaluationContext context{&state.zone(), 0};
  std::vector<ExpressionPtr> arguments;
  for (const ExpressionPtr& argument : call->arguments) {
    ExpressionPtr constant = constant_of(argument, context);
    const bool is_subject = arguments.empty();
    if (!constant && !is_subject) return;
    const Value any_text = Value::of(Type{TypeKind::text}, std::string());
    arguments.push_back(constant ? std::move(constant) : literal(any_text));
  }
  const uint32_t place = arguments[1]->position();
  const Expression sample(bound.expression->type(), Call{call->function, std::move(arguments)});
  const auto value = fold_constant(sample, context);
  if (value) return;
  const std::string advice = value.error().advice;
  state.warning(value.error().code,
                place == Expression::no_position ? bound.expression->position() : place,
                value.error().message,
                (advice.empty() ? "" : advice + "; ") + "every row with a text would be a bad row");
}

}  // namespace sluice
