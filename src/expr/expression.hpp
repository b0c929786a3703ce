// Expression: a bound, typed expression tree over the columns of one batch. Made by the binder,
// rewritten by optimizer rules, evaluated by Evaluator. Immutable and shared; usable from any
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "data/value.hpp"
#include "expr/function.hpp"

namespace sluice {

class Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;

struct ColumnReference {
  size_t index;
};
struct Literal {
  Value value;
};
// A function, operator or cast: all three are Functions.
struct Call {
  const Function* function;
  std::vector<ExpressionPtr> arguments;
};
// Three-valued AND / OR over any number of operands; an operand is not evaluated for rows already
// decided.
struct Conjunction {
  enum class Kind : uint8_t { all, any } kind;
  std::vector<ExpressionPtr> operands;
};
struct CaseBranch {
  ExpressionPtr condition;
  ExpressionPtr result;
};
// Searched CASE; simple CASE and NULLIF are bound to it. `otherwise` may be null (= NULL). Lazy per
// row.
struct Case {
  std::vector<CaseBranch> branches;
  ExpressionPtr otherwise;
};
// First operand that is not NULL. Lazy per row.
struct Coalesce {
  std::vector<ExpressionPtr> operands;
};

class Expression {
 public:
  using Node = std::variant<ColumnReference, Literal, Call, Conjunction, Case, Coalesce>;
  // `position`: character in the SQL it is bound from, from 0; no_position when made up by us.
  static constexpr uint32_t no_position = UINT32_MAX;

  Expression(Type type, Node node, uint32_t position = no_position);

  const Type& type() const { return type_; }
  const Node& node() const { return node_; }
  uint32_t position() const { return position_; }
  // Nodes of the tree: what is shared counts as often as it is reached, for so often is it walked.
  uint64_t size() const { return size_; }
  template <class T>
  const T* as() const {
    return std::get_if<T>(&node_);
  }

 private:
  Type type_;
  Node node_;
  uint32_t position_;
  uint64_t size_;
};

ExpressionPtr column_reference(size_t index, Type type,
                               uint32_t position = Expression::no_position);
ExpressionPtr literal(Value value, uint32_t position = Expression::no_position);

// The columns an expression reads, each once, ascending.
std::vector<size_t> columns_of(const Expression& expression);
// The same expression over other columns: index i becomes mapping[i]. Every column read must be
// mapped.
ExpressionPtr remap_columns(const ExpressionPtr& expression, const std::vector<size_t>& mapping);
// The expression with every column reference replaced by the expression at its index: composition
// of projections.
ExpressionPtr substitute_columns(const ExpressionPtr& expression,
                                 const std::vector<ExpressionPtr>& inputs);
// True when it yields the same for the same row: no now(), random(), clock.
bool is_deterministic(const Expression& expression);
// Structural equality; positions do not count.
bool equal(const Expression& left, const Expression& right);
// Canonical text for plans and fingerprints: `(sku_num > 0)` with names from the schema's fields.
std::string to_string(const Expression& expression, const std::vector<std::string>& column_names);

}  // namespace sluice
