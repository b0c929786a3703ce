#include "sql/query_binder.hpp"

#include <deque>

#include "sql/column_name.hpp"
#include "sql/folded_alias.hpp"
#include "sql/from_binder.hpp"
#include "sql/group_binder.hpp"
#include "sql/union_binder.hpp"

namespace sluice {

namespace {

RelationPtr filter(RelationPtr input, ExpressionPtr predicate, uint32_t position) {
  const SchemaPtr schema = input->schema();
  return std::make_shared<Relation>(schema, Filter{std::move(input), std::move(predicate)},
                                    position);
}

// What a SELECT may not have; true after a problem has been reported.
bool reject_clauses(BindState& state, const ParseNode& node) {
  const uint32_t position = node.position();
  if (!node.list("sortClause").empty() || node["limitCount"].exists() ||
      node["limitOffset"].exists()) {
    const ParseNode& limit = node["limitCount"].exists() ? node["limitCount"] : node["limitOffset"];
    const auto& sort = node.list("sortClause");
    state.error(ErrorCode::unsupported_order,
                sort.empty() ? limit.position() : sort.front().position(),
                "a stream has no end: ORDER BY, LIMIT and OFFSET are not supported",
                "remove them; the largest of a group is max() or min()");
    return true;
  }
  if (!node.list("windowClause").empty()) {
    state.error(ErrorCode::unsupported_over, position, "WINDOW clauses are not supported yet");
    return true;
  }
  if (!node.list("valuesLists").empty() || node.list("fromClause").empty()) {
    state.error(ErrorCode::unsupported_sql, position, "the query reads nothing",
                "name a source or step in FROM");
    return true;
  }
  if (node.list("targetList").empty()) {
    state.error(ErrorCode::unsupported_sql, position, "the query selects no column",
                "name columns, or * for all");
    return true;
  }
  const auto& distinct = node.list("distinctClause");
  // Plain DISTINCT is a list of nothing.
  if (distinct.empty() || distinct.front().kind().empty()) return false;
  state.error(ErrorCode::unsupported_top_n, distinct.front().position(),
              "DISTINCT ON is not supported yet",
              std::string(describe(ErrorCode::unsupported_top_n).advice));
  return true;
}

// One SELECT while its clauses are bound.
class SelectBinder {
 public:
  SelectBinder(BindState& state, const ParseNode& node, BoundTable from)
      : state_(state),
        node_(node),
        from_(std::move(from)),
        uses_(from_.relation->schema()->size()) {}

  BoundQuery bind() {
    note_aliases();
    const bool filtered = bind_where();
    ExpressionBinder binder(state_, from_.scope, "the select list", &uses_);
    items_ = bind_select_list(binder, node_.list("targetList"));
    const bool has_having = node_["havingClause"].exists();
    if (has_having) {
      having_ = ExpressionBinder(state_, from_.scope, "HAVING", &uses_)
                    .bind_boolean(node_["havingClause"], "argument of HAVING");
    }
    const auto groups = bind_groups(state_, from_.scope, node_.list("groupClause"), items_);
    bool complete = filtered && groups && (!has_having || having_);
    for (const SelectItem& item : items_) complete = complete && item.expression;
    if (!complete) return {};
    const bool aggregated = !groups->empty() || !uses_.empty() || having_;
    if (aggregated && !aggregate(*groups)) return {};
    return project();
  }

 private:
  // What is called after itself tells nothing of what is meant.
  void note_aliases() {
    for (const ParseNode& target : node_.list("targetList")) {
      if (!target["name"].exists()) continue;
      const std::string& name = target.text("name");
      if (figure_column_name(target["val"]) != name) from_.scope.note_alias(name);
    }
  }

  bool bind_where() {
    const ParseNode& where = node_["whereClause"];
    if (!where.exists()) return true;
    ExpressionBinder binder(state_, from_.scope, "WHERE");
    auto predicate = binder.bind_boolean(where, "argument of WHERE");
    if (!predicate) return false;
    from_.relation = filter(from_.relation, std::move(predicate), where.position());
    return true;
  }

  bool aggregate(const std::vector<ExpressionPtr>& groups) {
    const Grouping grouping(from_.relation, groups, uses_);
    bool complete = true;
    for (SelectItem& item : items_) {
      item.expression = grouping.over_groups(state_, item.expression);
      complete = complete && item.expression;
    }
    if (having_) having_ = grouping.over_groups(state_, having_);
    const bool lost = node_["havingClause"].exists() && !having_;
    if (!complete || lost) return false;
    from_.relation = grouping.relation(node_.position());
    if (having_) {
      from_.relation = filter(from_.relation, having_, node_["havingClause"].position());
    }
    return true;
  }

  BoundQuery project() {
    std::vector<Field> fields;
    BoundQuery query;
    Project project{from_.relation, {}};
    for (SelectItem& item : items_) {
      fields.push_back({item.name, item.expression->type()});
      project.expressions.push_back(std::move(item.expression));
      query.untyped.push_back(item.untyped);
    }
    query.relation = std::make_shared<Relation>(std::make_shared<Schema>(std::move(fields)),
                                                std::move(project), node_.position());
    const bool distinct = !node_.list("distinctClause").empty();
    return distinct ? BoundQuery{distinct_rows(query.relation), query.untyped} : query;
  }

  // SELECT DISTINCT groups by all of its columns.
  RelationPtr distinct_rows(const RelationPtr& input) const {
    Aggregate aggregate{input, {}, {}};
    for (size_t i = 0; i < input->schema()->size(); ++i) aggregate.keys.push_back(i);
    return std::make_shared<Relation>(input->schema(), std::move(aggregate), node_.position());
  }

  BindState& state_;
  const ParseNode& node_;
  BoundTable from_;
  AggregateUses uses_;
  std::vector<SelectItem> items_;
  ExpressionPtr having_;
};

BoundQuery bind_select(BindState& state, const ParseNode& node, const CteScope* ctes) {
  if (reject_clauses(state, node)) return {};
  BoundTable from = bind_from(state, node.list("fromClause"), ctes);
  if (!from) return {};
  return SelectBinder(state, node, std::move(from)).bind();
}

RelationPtr rename_columns(const RelationPtr& relation, const std::vector<std::string>& names) {
  std::vector<Field> fields = relation->schema()->fields();
  std::vector<ExpressionPtr> expressions;
  for (size_t i = 0; i < fields.size(); ++i) {
    expressions.push_back(column_reference(i, fields[i].type));
    if (i < names.size()) fields[i].name = names[i];
  }
  return std::make_shared<Relation>(std::make_shared<Schema>(std::move(fields)),
                                    Project{relation, std::move(expressions)},
                                    relation->position());
}

// One query of WITH. Its errors are reported; its users then bind to nothing.
CteScope bind_cte(BindState& state, const ParseNode& node, const CteScope* outer) {
  CteScope cte{outer, node.text("ctename"), nullptr};
  const ParseNode& query = node["ctequery"];
  if (!query.is("SelectStmt")) {
    state.error(ErrorCode::sql_not_one_select, node.position(), "WITH takes queries only");
    return cte;
  }
  cte.relation = bind_query_node(state, query, outer).relation;
  const auto names = strings_of(node.list("aliascolnames"));
  warn_of_folded_list(state, node.position(), cte.name, names);
  if (cte.relation && !names.empty()) cte.relation = rename_columns(cte.relation, names);
  return cte;
}

// A name of WITH that is read twice is computed twice, and so is what it reads.
BoundQuery within_size(BindState& state, const ParseNode& node, BoundQuery bound) {
  constexpr uint64_t most_parts = 2'000;
  if (!bound || bound.relation->size() <= most_parts) return bound;
  state.error(ErrorCode::sql_syntax, node.position(),
              "the query has more than 2000 parts when the names of WITH are written out",
              "make steps of those that are read more than once");
  return {};
}

}  // namespace

const CteScope* CteScope::find(const CteScope* innermost, std::string_view name) {
  for (const CteScope* cte = innermost; cte; cte = cte->outer) {
    if (cte->name == name) return cte;
  }
  return nullptr;
}

BoundQuery bind_query_node(BindState& state, const ParseNode& node, const CteScope* ctes) {
  const ParseNode& with = node["withClause"];
  if (with.flag("recursive")) {
    state.error(ErrorCode::unsupported_sql, with.position(), "WITH RECURSIVE is not supported");
    return {};
  }
  std::deque<CteScope> own;
  for (const ParseNode& cte : with.list("ctes")) {
    own.push_back(bind_cte(state, cte, own.empty() ? ctes : &own.back()));
  }
  const CteScope* visible = own.empty() ? ctes : &own.back();
  const bool is_set_operation = node["larg"].exists();
  BoundQuery bound =
      is_set_operation ? bind_union(state, node, visible) : bind_select(state, node, visible);
  return within_size(state, node, std::move(bound));
}

}  // namespace sluice
