#include "sql/union_binder.hpp"

#include <optional>

namespace sluice {

namespace {

bool is_union_all(const ParseNode& node) {
  return node["larg"].exists() && node.text("op") == "SETOP_UNION" && node.flag("all") &&
         !node["withClause"].exists();
}

// The branches of a chain, from left to right.
void collect_branches(const ParseNode& node, bool is_root,
                      std::vector<const ParseNode*>& branches) {
  const bool is_chain = is_root || is_union_all(node);
  if (!is_chain) {
    branches.push_back(&node);
    return;
  }
  collect_branches(node["larg"], false, branches);
  collect_branches(node["rarg"], false, branches);
}

bool reject_operation(BindState& state, const ParseNode& node) {
  const uint32_t position = node["rarg"].position();
  if (node.text("op") != "SETOP_UNION" || !node.flag("all")) {
    state.error(ErrorCode::unsupported_set_operation, position,
                "UNION without ALL, INTERSECT and EXCEPT are not supported",
                std::string(describe(ErrorCode::unsupported_set_operation).advice));
    return true;
  }
  if (node.list("sortClause").empty() && !node["limitCount"].exists()) return false;
  state.error(ErrorCode::unsupported_order, position,
              "a stream has no end: ORDER BY and LIMIT are not supported");
  return true;
}

// The type of one column over all branches; none after a problem has been reported.
std::optional<Type> column_type(BindState& state, const std::vector<BoundQuery>& branches,
                                size_t column) {
  std::vector<Type> types;
  std::vector<bool> untyped;
  for (const BoundQuery& branch : branches) {
    types.push_back((*branch.relation->schema())[column].type);
    untyped.push_back(branch.untyped[column]);
  }
  const auto type = state.functions().common_type(types, untyped);
  if (type) return *type;
  state.error(type.error().code, branches.back().relation->position(),
              "column " + std::to_string(column + 1) + " of UNION ALL: " + type.error().message);
  return std::nullopt;
}

// The untyped literal that a branch selects as its column.
const Literal* selected_literal(const RelationPtr& branch, size_t column) {
  const auto* project = branch->as<Project>();
  return project ? project->expressions[column]->as<Literal>() : nullptr;
}

ExpressionPtr cast_column(BindState& state, const BoundQuery& branch, size_t column, Type type) {
  const uint32_t position = branch.relation->position();
  const Literal* constant =
      branch.untyped[column] ? selected_literal(branch.relation, column) : nullptr;
  if (constant) {
    return state.take(state.functions().type_literal(*constant, type, position), position)
        .expression;
  }
  const Type own = (*branch.relation->schema())[column].type;
  return state
      .take(state.functions().cast(column_reference(column, own), type, false, position), position)
      .expression;
}

RelationPtr cast_branch(BindState& state, const BoundQuery& branch, const SchemaPtr& schema) {
  if (*branch.relation->schema() == *schema) return branch.relation;
  Project project{branch.relation, {}};
  for (size_t i = 0; i < schema->size(); ++i) {
    project.expressions.push_back(cast_column(state, branch, i, (*schema)[i].type));
    if (!project.expressions.back()) return nullptr;
  }
  const uint32_t position = branch.relation->position();
  return std::make_shared<Relation>(schema, std::move(project), position);
}

SchemaPtr common_schema(BindState& state, const std::vector<BoundQuery>& branches) {
  const Schema& first = *branches.front().relation->schema();
  for (const BoundQuery& branch : branches) {
    const size_t columns = branch.relation->schema()->size();
    if (columns == first.size()) continue;
    state.error(ErrorCode::type_mismatch, branch.relation->position(),
                "all branches of UNION ALL have the same columns: the first has " +
                    std::to_string(first.size()) + ", this one " + std::to_string(columns));
    return nullptr;
  }
  std::vector<Field> fields;
  for (size_t i = 0; i < first.size(); ++i) {
    const auto type = column_type(state, branches, i);
    if (!type) return nullptr;
    fields.push_back({first[i].name, *type});
  }
  return std::make_shared<Schema>(std::move(fields));
}

}  // namespace

BoundQuery bind_union(BindState& state, const ParseNode& node, const CteScope* ctes) {
  if (reject_operation(state, node)) return {};
  std::vector<const ParseNode*> nodes;
  collect_branches(node, true, nodes);
  std::vector<BoundQuery> branches;
  bool complete = true;
  for (const ParseNode* branch : nodes) {
    branches.push_back(bind_query_node(state, *branch, ctes));
    complete = complete && branches.back();
  }
  const SchemaPtr schema = complete ? common_schema(state, branches) : nullptr;
  if (!schema) return {};
  UnionAll all;
  for (const BoundQuery& branch : branches) {
    all.inputs.push_back(cast_branch(state, branch, schema));
    if (!all.inputs.back()) return {};
  }
  const uint32_t position = branches.front().relation->position();
  return {std::make_shared<Relation>(schema, std::move(all), position),
          std::vector<bool>(schema->size(), false)};
}

}  // namespace sluice
