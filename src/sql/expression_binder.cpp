#include "sql/expression_binder.hpp"

#include <utility>

#include "sql/conditional_binder.hpp"
#include "sql/constant_calls.hpp"
#include "sql/function_binder.hpp"
#include "sql/literal_binder.hpp"
#include "sql/operator_binder.hpp"

namespace sluice {

namespace {

// Deeper trees are refused, so that no later recursion over expressions can exhaust a stack.
constexpr size_t deepest_expression = 400;
// Some forms read an operand twice, and so double it at each level.
constexpr uint64_t largest_expression = 100'000;

using Form = Bound (*)(ExpressionBinder&, const ParseNode&);

struct NamedForm {
  std::string_view kind;
  Form bind;
};

constexpr NamedForm forms[] = {
    {"A_Const", bind_constant},      {"TypeCast", bind_cast},
    {"A_Expr", bind_operator},       {"CaseExpr", bind_case},
    {"CoalesceExpr", bind_coalesce}, {"MinMaxExpr", bind_greatest_least},
    {"FuncCall", bind_function},     {"SQLValueFunction", bind_value_function},
};

// PostgreSQL's test names to the prefix operators of the function registry.
struct NamedTest {
  std::string_view name;
  std::string_view operation;
};

constexpr NamedTest tests[] = {
    {"IS_NULL", "is null"},       {"IS_NOT_NULL", "is not null"},
    {"IS_TRUE", "is true"},       {"IS_NOT_TRUE", "is not true"},
    {"IS_FALSE", "is false"},     {"IS_NOT_FALSE", "is not false"},
    {"IS_UNKNOWN", "is unknown"}, {"IS_NOT_UNKNOWN", "is not unknown"},
};

std::string_view operation_of_test(const std::string& name) {
  for (const auto& test : tests) {
    if (test.name == name) return test.operation;
  }
  return {};
}

}  // namespace

Bound ExpressionBinder::bind(const ParseNode& node) {
  if (depth_ == deepest_expression) {
    if (std::exchange(is_too_deep_, true)) return {};
    state_.error(ErrorCode::unsupported_sql, node.position(), "an expression is nested too deeply",
                 "compute parts of it in a subquery or in a step before");
    return {};
  }
  ++depth_;
  Bound bound = bind_node(node);
  --depth_;
  if (bound && bound.expression->size() > largest_expression) {
    if (!std::exchange(is_too_deep_, true)) {
      state_.error(ErrorCode::unsupported_sql, node.position(),
                   "an expression has more than 100000 parts when NULLIF, BETWEEN and CASE with an "
                   "operand are written out",
                   "compute parts of it in a subquery or in a step before");
    }
    return {};
  }
  const bool is_whole = depth_ == 0 && bound;
  return !is_whole || check_constant_calls(state_, *bound.expression) ? bound : Bound{};
}

Bound ExpressionBinder::bind_node(const ParseNode& node) {
  for (const NamedForm& form : forms) {
    if (node.is(form.kind)) return form.bind(*this, node);
  }
  if (node.is("ColumnRef")) return bind_column(node);
  if (node.is("BoolExpr")) return bind_logic(node);
  if (node.is("NullTest") || node.is("BooleanTest")) return bind_test(node);
  if (node.is("A_Indirection")) return bind_part(node);
  return unsupported(node);
}

ExpressionPtr ExpressionBinder::bind_typed(const ParseNode& node) {
  const Bound bound = bind(node);
  if (!bound || !bound.untyped) return bound.expression;
  return coerce(bound, Type{TypeKind::text}, node.position()).expression;
}

ExpressionPtr ExpressionBinder::bind_boolean(const ParseNode& node, const std::string& what) {
  const Bound bound = bind(node);
  if (!bound) return nullptr;
  const Type boolean{TypeKind::boolean};
  if (bound.untyped) return coerce(bound, boolean, node.position()).expression;
  if (bound.expression->type() == boolean) return bound.expression;
  state_.error(ErrorCode::type_mismatch, node.position(),
               what + " must be boolean, not " + type_name(bound.expression->type()));
  return nullptr;
}

Bound ExpressionBinder::coerce(Bound value, Type target, uint32_t position) {
  if (!value) return {};
  if (!value.untyped) {
    return state_.take(
        state_.functions().cast(std::move(value.expression), target, false, position), position);
  }
  const auto* constant = value.expression->as<Literal>();
  return state_.take(state_.functions().type_literal(*constant, target, position), position);
}

Bound ExpressionBinder::bind_column(const ParseNode& node) {
  const auto& fields = node.list("fields");
  const auto names = strings_of(fields);
  const uint32_t position = node.position();
  if (names.size() != fields.size()) {
    state_.error(ErrorCode::unsupported_sql, position, "* is no value here",
                 "name the columns; count(*) is the only call that takes *");
    return {};
  }
  if (names.size() > 2) {
    state_.error(ErrorCode::unknown_column, position, "a column is named column or table.column");
    return {};
  }
  const std::string_view relation = names.size() == 2 ? std::string_view(names[0]) : "";
  const ScopeColumn* column = scope_.resolve(state_, relation, names.back(), position);
  if (!column) return {};
  return {column_reference(column->index, column->type, position)};
}

Bound ExpressionBinder::bind_logic(const ParseNode& node) {
  const std::string& kind = node.text("boolop");
  const bool is_and = kind == "AND_EXPR";
  const std::string what = std::string("argument of ") + (is_and              ? "AND"
                                                          : kind == "OR_EXPR" ? "OR"
                                                                              : "NOT");
  std::vector<ExpressionPtr> operands;
  bool complete = true;
  for (const ParseNode& argument : node.list("args")) {
    operands.push_back(bind_boolean(argument, what));
    complete = complete && operands.back();
  }
  if (!complete) return {};
  const uint32_t position = node.position();
  if (kind == "NOT_EXPR") {
    return state_.take(
        state_.functions().resolve(FunctionForm::prefix, "not", operands, {false}, position),
        position);
  }
  const auto conjunction = is_and ? Conjunction::Kind::all : Conjunction::Kind::any;
  return {std::make_shared<Expression>(Type{TypeKind::boolean},
                                       Conjunction{conjunction, std::move(operands)}, position)};
}

Bound ExpressionBinder::bind_test(const ParseNode& node) {
  const bool of_null = node.is("NullTest");
  const ParseNode& argument = node["arg"];
  const auto operation = operation_of_test(node.text(of_null ? "nulltesttype" : "booltesttype"));
  Bound bound = of_null ? Bound{bind_typed(argument)}
                        : Bound{bind_boolean(argument, "argument of IS TRUE and the like")};
  if (!bound) return {};
  const uint32_t position = node.position();
  return state_.take(state_.functions().resolve(FunctionForm::prefix, operation, {bound.expression},
                                                {false}, position),
                     position);
}

// j['a'] and (j).a: known of jsonb and of rows elsewhere.
Bound ExpressionBinder::bind_part(const ParseNode& node) {
  const Bound whole = bind(node["arg"]);
  if (!whole) return {};
  const uint32_t position = node.position();
  if (whole.expression->type().kind != TypeKind::jsonb) {
    state_.error(ErrorCode::unsupported_array, position, "arrays and rows are not supported yet",
                 "use jsonb: j -> 'a' is a field, j -> 0 an element");
    return {};
  }
  const ParseNode& part = node.list("indirection").front();
  const ParseNode& index = part["uidx"];
  const std::string key = part.is("String") ? part.text("sval") : index["sval"].text("sval");
  const bool is_number = index["ival"].exists();
  const std::string wanted = is_number ? "0" : "'" + (key.empty() ? "a" : key) + "'";
  state_.error(ErrorCode::unsupported_array, position, "a part of jsonb is not written like this",
               "write " + std::string(state_.text().token_at(position)) + " -> " + wanted +
                   ", or ->> for its text");
  return {};
}

Bound ExpressionBinder::unsupported(const ParseNode& node) {
  const uint32_t position = node.position();
  if (node.is("SubLink")) {
    state_.error(ErrorCode::unsupported_subquery, position,
                 "a subquery in " + place_ + " is not supported",
                 "use a join, a lookup, or a step of its own");
  } else if (node.is("A_ArrayExpr")) {
    state_.error(ErrorCode::unsupported_array, position, "arrays are not supported yet",
                 "use IN (…) for lists, or jsonb");
  } else if (node.is("GroupingFunc")) {
    state_.error(ErrorCode::unsupported_grouping_sets, position, "GROUPING is not supported yet");
  } else {
    state_.error(ErrorCode::unsupported_sql, position,
                 "this form of expression is not supported (" + node.kind() + ")");
  }
  return {};
}

}  // namespace sluice
