#include "expr/expression.hpp"

#include <algorithm>
#include <functional>

#include "base/assert.hpp"
#include "expr/expression_tree.hpp"

namespace sluice {

namespace {

using Rewrite = std::function<ExpressionPtr(const ColumnReference&, const ExpressionPtr&)>;

// The tree with every column reference replaced; parts without columns are shared with the
// original.
ExpressionPtr rewrite_columns(const ExpressionPtr& expression, const Rewrite& rewrite) {
  if (const auto* column = expression->as<ColumnReference>()) return rewrite(*column, expression);
  if (expression->as<Literal>() != nullptr) return expression;
  return with_children(expression,
                       [&](const ExpressionPtr& child) { return rewrite_columns(child, rewrite); });
}

void collect_columns(const Expression& expression, std::vector<size_t>& columns) {
  if (const auto* column = expression.as<ColumnReference>()) columns.push_back(column->index);
  for (const Expression* child : children_of(expression)) collect_columns(*child, columns);
}

// Equality of what the node itself says, without its children.
bool same_head(const Expression& left, const Expression& right) {
  if (left.type() != right.type() || left.node().index() != right.node().index()) return false;
  if (const auto* column = left.as<ColumnReference>())
    return column->index == right.as<ColumnReference>()->index;
  if (const auto* value = left.as<Literal>()) return value->value == right.as<Literal>()->value;
  if (const auto* call = left.as<Call>()) return call->function == right.as<Call>()->function;
  if (const auto* operands = left.as<Conjunction>())
    return operands->kind == right.as<Conjunction>()->kind;
  if (const auto* cases = left.as<Case>())
    return cases->branches.size() == right.as<Case>()->branches.size();
  return true;
}

}  // namespace

Expression::Expression(Type type, Node node, uint32_t position)
    : type_(type), node_(std::move(node)), position_(position), size_(1) {
  for (const Expression* child : children_of(*this)) size_ = added_sizes(size_, child->size());
}

ExpressionPtr column_reference(size_t index, Type type, uint32_t position) {
  return std::make_shared<Expression>(type, ColumnReference{index}, position);
}

ExpressionPtr literal(Value value, uint32_t position) {
  const Type type = value.type();
  return std::make_shared<Expression>(type, Literal{std::move(value)}, position);
}

std::vector<size_t> columns_of(const Expression& expression) {
  std::vector<size_t> columns;
  collect_columns(expression, columns);
  std::sort(columns.begin(), columns.end());
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

ExpressionPtr remap_columns(const ExpressionPtr& expression, const std::vector<size_t>& mapping) {
  return rewrite_columns(
      expression, [&](const ColumnReference& column, const ExpressionPtr& original) {
        SLUICE_ASSERT(column.index < mapping.size(), "every column read is mapped");
        return column_reference(mapping[column.index], original->type(), original->position());
      });
}

ExpressionPtr substitute_columns(const ExpressionPtr& expression,
                                 const std::vector<ExpressionPtr>& inputs) {
  return rewrite_columns(expression, [&](const ColumnReference& column, const ExpressionPtr&) {
    SLUICE_ASSERT(column.index < inputs.size(), "every column read has an input");
    return inputs[column.index];
  });
}

bool is_deterministic(const Expression& expression) {
  if (const auto* call = expression.as<Call>(); call != nullptr && call->function->uses_now)
    return false;
  const auto children = children_of(expression);
  return std::all_of(children.begin(), children.end(),
                     [](const Expression* child) { return is_deterministic(*child); });
}

bool equal(const Expression& left, const Expression& right) {
  if (&left == &right) return true;
  if (!same_head(left, right)) return false;
  const auto left_children = children_of(left);
  const auto right_children = children_of(right);
  return std::equal(left_children.begin(), left_children.end(), right_children.begin(),
                    right_children.end(),
                    [](const Expression* a, const Expression* b) { return equal(*a, *b); });
}

}  // namespace sluice
