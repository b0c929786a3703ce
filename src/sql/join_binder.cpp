#include "sql/join_binder.hpp"

#include <algorithm>
#include <optional>

#include "sql/expression_binder.hpp"
#include "sql/lookup_binder.hpp"
#include "sql/operator_binder.hpp"

namespace sluice {

namespace {

constexpr std::string_view join_words[] = {"asof", "semi", "anti"};

// `a ASOF JOIN b` parses as a table a called asof.
bool report_alias_trap(BindState& state, const ParseNode& node) {
  const std::string& alias = node["larg"]["alias"].text("aliasname");
  for (const std::string_view word : join_words) {
    if (alias != word) continue;
    state.error(ErrorCode::trap_join_alias, node["larg"].position(),
                "\"" + alias + "\" before JOIN is read as the name of the table",
                std::string(describe(ErrorCode::trap_join_alias).advice));
    return true;
  }
  return false;
}

std::optional<JoinKind> kind_of(BindState& state, const ParseNode& node) {
  const std::string& type = node.text("jointype");
  const uint32_t position = node["rarg"].position();
  if (node.flag("isNatural")) {
    state.error(ErrorCode::unsupported_sql, position, "NATURAL JOIN is not supported",
                "write the condition in ON");
    return std::nullopt;
  }
  if (type == "JOIN_INNER") return JoinKind::inner;
  if (type == "JOIN_LEFT") return JoinKind::left;
  state.error(ErrorCode::unsupported_sql, position,
              std::string(type == "JOIN_RIGHT" ? "RIGHT" : "FULL") + " JOIN is not supported",
              "use JOIN or LEFT JOIN");
  return std::nullopt;
}

// Left's columns, then right's; one whose name is taken is called by its table, too.
SchemaPtr joined_schema(const Schema& left, const BoundTable& right) {
  std::vector<Field> fields = left.fields();
  const Schema& schema = *right.relation->schema();
  for (size_t i = 0; i < schema.size(); ++i) {
    Field field = schema[i];
    const bool taken = std::any_of(fields.begin(), fields.end(),
                                   [&](const Field& other) { return other.name == field.name; });
    if (taken && i < right.scope.columns().size()) {
      field.name = right.scope.columns()[i].relation + "." + field.name;
    }
    fields.push_back(std::move(field));
  }
  return std::make_shared<Schema>(std::move(fields));
}

bool report_shared_name(BindState& state, const NameScope& left, const NameScope& right,
                        uint32_t position) {
  const std::string shared = left.shared_relation(right);
  if (shared.empty()) return false;
  state.error(ErrorCode::duplicate_relation, position,
              "FROM has two tables called \"" + shared + "\"", "give one of them another name");
  return true;
}

// JOIN … USING (a, b): the columns are equal, and a bare name means the left one.
ExpressionPtr bind_using(BindState& state, const ParseNode& node, const BoundTable& left,
                         const BoundTable& right, NameScope& merged) {
  const uint32_t position = node["rarg"].position();
  ExpressionBinder binder(state, merged, "USING");
  std::vector<ExpressionPtr> equalities;
  const size_t shift = left.relation->schema()->size();
  for (const std::string& name : strings_of(node.list("usingClause"))) {
    const ScopeColumn* ours = left.scope.resolve(state, "", name, position);
    const ScopeColumn* theirs = right.scope.resolve(state, "", name, position);
    if (!ours || !theirs) return nullptr;
    const Bound equal =
        resolve_infix(binder, "=", {column_reference(ours->index, ours->type, position)},
                      {column_reference(theirs->index + shift, theirs->type, position)}, position);
    if (!equal) return nullptr;
    equalities.push_back(equal.expression);
    merged.hide_unqualified(theirs->relation, name);
  }
  if (equalities.size() == 1) return equalities.front();
  return std::make_shared<Expression>(Type{TypeKind::boolean},
                                      Conjunction{Conjunction::Kind::all, std::move(equalities)},
                                      position);
}

ExpressionPtr bind_condition(BindState& state, const ParseNode& node, const BoundTable& left,
                             const BoundTable& right, NameScope& merged) {
  if (!node.list("usingClause").empty()) return bind_using(state, node, left, right, merged);
  if (!node["quals"].exists()) return literal(Value::of(Type{TypeKind::boolean}, uint8_t{1}));
  ExpressionBinder binder(state, merged, "ON");
  const auto condition = binder.bind_boolean(node["quals"], "argument of ON");
  if (!condition || is_deterministic(*condition)) return condition;
  state.error(ErrorCode::volatile_key, node["quals"].position(),
              "now() cannot decide which rows join",
              std::string(describe(ErrorCode::volatile_key).advice));
  return nullptr;
}

BoundTable join_tables(BindState& state, const ParseNode& node, const BoundTable& left,
                       const BoundTable& right, JoinKind kind) {
  if (!left || !right) return {};
  const uint32_t position = right.relation->position();
  if (report_shared_name(state, left.scope, right.scope, position)) return {};
  NameScope merged = left.scope;
  merged.append(right.scope, left.relation->schema()->size());
  const auto condition = bind_condition(state, node, left, right, merged);
  if (!condition) return {};
  auto relation =
      std::make_shared<Relation>(joined_schema(*left.relation->schema(), right),
                                 Join{left.relation, right.relation, kind, condition}, position);
  return {std::move(relation), std::move(merged)};
}

}  // namespace

BoundTable bind_join(BindState& state, const ParseNode& node, const CteScope* ctes) {
  if (report_alias_trap(state, node)) return {};
  const auto kind = kind_of(state, node);
  BoundTable left = bind_table(state, node["larg"], ctes);
  if (is_lookup(node["rarg"])) {
    if (!left || !kind) return {};
    return bind_lookup(state, std::move(left), node["rarg"], {*kind, &node["quals"]});
  }
  const BoundTable right = bind_table(state, node["rarg"], ctes);
  return kind ? join_tables(state, node, left, right, *kind) : BoundTable{};
}

BoundTable bind_comma_join(BindState& state, BoundTable left, const ParseNode& item,
                           const CteScope* ctes) {
  if (is_lookup(item)) {
    return left ? bind_lookup(state, std::move(left), item, {JoinKind::inner, nullptr})
                : BoundTable{};
  }
  const BoundTable right = bind_table(state, item, ctes);
  return join_tables(state, ParseNode(), left, right, JoinKind::inner);
}

}  // namespace sluice
