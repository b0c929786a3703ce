#include "expr/expression_tree.hpp"

#include <algorithm>

namespace sluice {

namespace {

using Change = std::function<ExpressionPtr(const ExpressionPtr&)>;

// Applies the change to operands in place and remembers whether one differs.
class Changer {
 public:
  explicit Changer(const Change& change) : change_(change) {}

  void apply(ExpressionPtr& operand) {
    if (!operand) return;
    ExpressionPtr changed = change_(operand);
    any_ = any_ || changed != operand;
    operand = std::move(changed);
  }
  void apply(std::vector<ExpressionPtr>& operands) {
    for (ExpressionPtr& operand : operands) apply(operand);
  }

  void operator()(ColumnReference&) {}
  void operator()(Literal&) {}
  void operator()(Call& call) { apply(call.arguments); }
  void operator()(Conjunction& conjunction) { apply(conjunction.operands); }
  void operator()(Coalesce& coalesce) { apply(coalesce.operands); }
  void operator()(Case& cases) {
    for (CaseBranch& branch : cases.branches) {
      apply(branch.condition);
      apply(branch.result);
    }
    apply(cases.otherwise);
  }

  bool any() const { return any_; }

 private:
  const Change& change_;
  bool any_ = false;
};

void append(std::vector<const Expression*>& children, const std::vector<ExpressionPtr>& operands) {
  for (const ExpressionPtr& operand : operands) children.push_back(operand.get());
}

}  // namespace

std::vector<const Expression*> children_of(const Expression& expression) {
  std::vector<const Expression*> children;
  if (const auto* call = expression.as<Call>()) {
    append(children, call->arguments);
  } else if (const auto* conjunction = expression.as<Conjunction>()) {
    append(children, conjunction->operands);
  } else if (const auto* coalesce = expression.as<Coalesce>()) {
    append(children, coalesce->operands);
  } else if (const auto* cases = expression.as<Case>()) {
    for (const CaseBranch& branch : cases->branches) {
      children.push_back(branch.condition.get());
      children.push_back(branch.result.get());
    }
    if (cases->otherwise) children.push_back(cases->otherwise.get());
  }
  return children;
}

void count_reads(const Expression& expression, std::vector<size_t>& reads) {
  if (const auto* column = expression.as<ColumnReference>()) ++reads[column->index];
  for (const Expression* child : children_of(expression)) count_reads(*child, reads);
}

bool may_fail(const Expression& expression) {
  const auto* call = expression.as<Call>();
  if (call && call->function->can_fail) return true;
  const auto children = children_of(expression);
  return std::any_of(children.begin(), children.end(),
                     [](const Expression* child) { return may_fail(*child); });
}

ExpressionPtr with_children(const ExpressionPtr& expression, const Change& change) {
  Expression::Node node = expression->node();
  Changer changer(change);
  std::visit(changer, node);
  if (!changer.any()) return expression;
  return std::make_shared<Expression>(expression->type(), std::move(node), expression->position());
}

}  // namespace sluice
