#include "formats/early_filter.hpp"

#include <algorithm>
#include <optional>

namespace sluice {

namespace {

bool is_text_literal(const Literal* literal) {
  return literal != nullptr && literal->value.type().kind == TypeKind::text &&
         !literal->value.is_null();
}

// column = 'literal', either way round, or column <> 'literal'.
std::optional<EarlyTest> comparison(const Expression& expression) {
  const Call* call = expression.as<Call>();
  if (call == nullptr || call->arguments.size() != 2) return std::nullopt;
  const Function& function = *call->function;
  if (function.form != FunctionForm::infix || (function.name != "=" && function.name != "<>")) {
    return std::nullopt;
  }
  const Expression* column = call->arguments[0].get();
  const Expression* value = call->arguments[1].get();
  if (column->as<Literal>() != nullptr) std::swap(column, value);
  const ColumnReference* reference = column->as<ColumnReference>();
  if (reference == nullptr || column->type().kind != TypeKind::text ||
      !is_text_literal(value->as<Literal>())) {
    return std::nullopt;
  }
  return EarlyTest{
      reference->index, {value->as<Literal>()->value.get<std::string>()}, function.name == "="};
}

// A comparison, or a disjunction of equalities of one column.
std::optional<EarlyTest> early_test(const Expression& expression) {
  const Conjunction* any = expression.as<Conjunction>();
  if (any == nullptr) return comparison(expression);
  if (any->kind != Conjunction::Kind::any) return std::nullopt;
  std::optional<EarlyTest> test;
  for (const ExpressionPtr& operand : any->operands) {
    std::optional<EarlyTest> one = comparison(*operand);
    if (!one || !one->wanted_among || (test && test->column != one->column)) return std::nullopt;
    if (!test) {
      test = std::move(one);
    } else {
      test->literals.push_back(std::move(one->literals.front()));
    }
  }
  return test;
}

}  // namespace

EarlyFilter split_predicate(const ExpressionPtr& predicate, const std::vector<bool>& is_readable) {
  EarlyFilter filter;
  if (!predicate) return filter;
  std::vector<ExpressionPtr> conjuncts = {predicate};
  const Conjunction* all = predicate->as<Conjunction>();
  if (all != nullptr && all->kind == Conjunction::Kind::all) conjuncts = all->operands;

  std::vector<ExpressionPtr> rest;
  for (const ExpressionPtr& conjunct : conjuncts) {
    std::optional<EarlyTest> test = early_test(*conjunct);
    const bool is_taken =
        test && std::any_of(filter.tests.begin(), filter.tests.end(),
                            [&](const EarlyTest& other) { return other.column == test->column; });
    if (test && !is_taken && is_readable[test->column]) {
      filter.tests.push_back(std::move(*test));
    } else {
      rest.push_back(conjunct);
    }
  }
  if (rest.size() == 1) filter.rest = rest.front();
  if (rest.size() > 1) {
    filter.rest = std::make_shared<const Expression>(
        Type{TypeKind::boolean}, Conjunction{Conjunction::Kind::all, std::move(rest)},
        predicate->position());
  }
  return filter;
}

}  // namespace sluice
