#include "sql/from_binder.hpp"

#include "config/diagnostic.hpp"
#include "sql/folded_alias.hpp"
#include "sql/join_binder.hpp"
#include "sql/parser_text.hpp"
#include "sql/window_binder.hpp"

namespace sluice {

namespace {

BoundTable bind_range_var(BindState& state, const ParseNode& node, const CteScope* ctes) {
  const uint32_t position = node.position();
  if (node["schemaname"].exists()) {
    state.error(ErrorCode::unknown_relation, position, "FROM takes plain names, without a schema",
                "name a source, a step or a CTE");
    return {};
  }
  const std::string& name = node.text("relname");
  BoundTable table = bind_named_table(state, name, ctes, position);
  if (table) apply_alias(state, node["alias"], name, table);
  return table;
}

BoundTable bind_subselect(BindState& state, const ParseNode& node, const CteScope* ctes) {
  if (node.flag("lateral")) {
    state.error(ErrorCode::unsupported_subquery, node.position(),
                "LATERAL stands before lookup(…) only");
    return {};
  }
  const BoundQuery query = bind_query_node(state, node["subquery"], ctes);
  if (!query) return {};
  BoundTable table{query.relation, {}};
  apply_alias(state, node["alias"], "", table);
  return table;
}

}  // namespace

void apply_alias(BindState& state, const ParseNode& alias, const std::string& otherwise,
                 BoundTable& table) {
  const bool is_named = alias.exists() && alias.text("aliasname") != ParserText::subquery_name;
  const std::string name = is_named ? alias.text("aliasname") : otherwise;
  const auto names = strings_of(alias.list("colnames"));
  warn_of_folded_list(state, table.relation->position(), name, names);
  const Schema& schema = *table.relation->schema();
  if (names.size() > schema.size()) {
    state.error(ErrorCode::unknown_column, table.relation->position(),
                "\"" + name + "\" has " + std::to_string(schema.size()) + " columns, not " +
                    std::to_string(names.size()));
  }
  table.scope = {};
  for (size_t i = 0; i < schema.size(); ++i) {
    table.scope.add({name, i < names.size() ? names[i] : schema[i].name, schema[i].type, i});
  }
}

BoundTable bind_named_table(BindState& state, const std::string& name, const CteScope* ctes,
                            uint32_t position) {
  if (const CteScope* cte = CteScope::find(ctes, name)) {
    return {cte->relation, {}};
  }
  const SchemaPtr schema = state.catalog().find_relation(name);
  if (!schema) {
    auto known = state.catalog().relation_names();
    for (const CteScope* cte = ctes; cte; cte = cte->outer) known.push_back(cte->name);
    const bool is_lookup = state.catalog().find_lookup(name) != nullptr;
    state.error(ErrorCode::unknown_relation, position,
                "\"" + name + "\" is neither a source nor a step",
                is_lookup ? "\"" + name + "\" is a lookup: write LEFT JOIN LATERAL lookup('" +
                                name + "', key) x ON true"
                          : did_you_mean(name, known));
    return {};
  }
  return {std::make_shared<Relation>(schema, NamedRelation{name}, position), {}};
}

BoundTable bind_table(BindState& state, const ParseNode& node, const CteScope* ctes) {
  if (node.is("RangeVar")) return bind_range_var(state, node, ctes);
  if (node.is("RangeSubselect")) return bind_subselect(state, node, ctes);
  if (node.is("JoinExpr")) return bind_join(state, node, ctes);
  if (node.is("RangeFunction")) return bind_table_function(state, node, ctes);
  state.error(ErrorCode::unsupported_sql, node.position(),
              "this form of FROM is not supported (" + node.kind() + ")");
  return {};
}

BoundTable bind_from(BindState& state, const ParseNode::List& items, const CteScope* ctes) {
  BoundTable table = bind_table(state, items.front(), ctes);
  for (size_t i = 1; i < items.size(); ++i) {
    table = bind_comma_join(state, std::move(table), items[i], ctes);
  }
  return table;
}

}  // namespace sluice
