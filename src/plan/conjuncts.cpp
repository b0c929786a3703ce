#include "plan/conjuncts.hpp"

#include <algorithm>

#include "expr/evaluator.hpp"
#include "expr/expression_tree.hpp"

namespace sluice {

namespace {

void collect(const ExpressionPtr& predicate, Conjuncts& conjuncts) {
  const auto* conjunction = predicate->as<Conjunction>();
  if (!conjunction || conjunction->kind != Conjunction::Kind::all) {
    conjuncts.push_back(predicate);
    return;
  }
  for (const ExpressionPtr& operand : conjunction->operands) collect(operand, conjuncts);
}

}  // namespace

Conjuncts split_conjuncts(const ExpressionPtr& predicate) {
  Conjuncts conjuncts;
  collect(predicate, conjuncts);
  std::erase_if(conjuncts, [](const ExpressionPtr& operand) { return is_true(*operand); });
  return conjuncts;
}

ExpressionPtr combine_conjuncts(Conjuncts conjuncts) {
  if (conjuncts.empty()) return nullptr;
  if (conjuncts.size() == 1) return conjuncts.front();
  const uint32_t position = conjuncts.front()->position();
  return std::make_shared<Expression>(
      Type{TypeKind::boolean}, Conjunction{Conjunction::Kind::all, std::move(conjuncts)}, position);
}

bool reads_only(const Expression& expression, size_t begin, size_t end) {
  const auto columns = columns_of(expression);
  return std::all_of(columns.begin(), columns.end(),
                     [&](size_t column) { return column >= begin && column < end; });
}

ExpressionPtr shift_columns(const ExpressionPtr& expression, ptrdiff_t shift, size_t columns) {
  std::vector<size_t> mapping(columns);
  for (size_t i = 0; i < columns; ++i) {
    mapping[i] = static_cast<size_t>(std::max<ptrdiff_t>(0, static_cast<ptrdiff_t>(i) + shift));
  }
  return remap_columns(expression, mapping);
}

ExpressionPtr fold_constants(const ExpressionPtr& expression, const TimeZone& zone) {
  if (expression->as<Literal>() || expression->as<ColumnReference>()) return expression;
  if (columns_of(*expression).empty() && is_deterministic(*expression)) {
    const EvaluationContext context{&zone, 0};
    auto value = fold_constant(*expression, context);
    if (value) return literal(std::move(*value), expression->position());
  }
  return with_children(expression,
                       [&](const ExpressionPtr& child) { return fold_constants(child, zone); });
}

bool is_true(const Expression& expression) {
  const auto* constant = expression.as<Literal>();
  return constant && expression.type().kind == TypeKind::boolean && !constant->value.is_null() &&
         constant->value.get<uint8_t>() != 0;
}

}  // namespace sluice
