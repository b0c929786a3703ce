#include "sql/binder.hpp"

#include <algorithm>
#include <set>

#include "sql/expression_binder.hpp"
#include "sql/parse.hpp"
#include "sql/query_binder.hpp"

namespace sluice {

namespace {

void report_hints(BindState& state) {
  for (auto hint = state.text().find_hint(0); hint; hint = state.text().find_hint(*hint + 3)) {
    state.warning(ErrorCode::trap_hint_comment, *hint, "a hint comment does nothing here",
                  "settings belong into the YAML");
  }
}

// A later step names columns of this one, so no two may have one name.
void report_duplicates(BindState& state, const Relation& relation) {
  std::set<std::string> seen;
  const Schema& schema = *relation.schema();
  const auto* project = relation.as<Project>();
  for (size_t i = 0; i < schema.size(); ++i) {
    if (seen.insert(schema[i].name).second) continue;
    const uint32_t place = project ? project->expressions[i]->position() : Expression::no_position;
    state.error(ErrorCode::duplicate_column,
                place == Expression::no_position ? relation.position() : place,
                "two columns are called \"" + schema[i].name + "\"", "name one of them with AS");
  }
}

// What a file of Flink or of a database would have around its queries stands in the YAML here.
const char* advice_for_statements(const std::vector<ParseNode>& statements) {
  constexpr std::string_view around[] = {"InsertStmt", "CreateStmt", "ViewStmt",
                                         "CreateTableAsStmt"};
  const bool is_around = statements.size() == 1 &&
                         std::any_of(std::begin(around), std::end(around),
                                     [&](std::string_view kind) { return statements[0].is(kind); });
  return is_around ? "write its SELECT alone: a step is the view of it, and tables are sources and "
                     "sinks of the file"
                   : "write one SELECT, without a second statement after a semicolon";
}

RelationPtr bind_statements(BindState& state, const std::vector<ParseNode>& statements) {
  if (statements.size() != 1 || !statements[0].is("SelectStmt")) {
    state.error(ErrorCode::sql_not_one_select, 0,
                statements.empty() ? "there is no query" : "a step is one SELECT",
                advice_for_statements(statements));
    return nullptr;
  }
  if (statements[0]["intoClause"].exists()) {
    state.error(ErrorCode::sql_not_one_select, 0, "SELECT INTO is not supported",
                "name the step in the section `sinks`");
    return nullptr;
  }
  RelationPtr relation = bind_query_node(state, statements[0], nullptr).relation;
  if (relation) report_duplicates(state, *relation);
  return relation;
}

// The only thing of `SELECT <expression>`: no alias, no FROM, no second column. Null otherwise.
const ParseNode* sole_expression(const std::vector<ParseNode>& statements) {
  if (statements.size() != 1 || !statements[0].is("SelectStmt")) return nullptr;
  const ParseNode& select = statements[0];
  constexpr std::string_view fixed[] = {"targetList", "limitOption", "op"};
  for (const auto& [name, member] : select.members()) {
    if (std::find(std::begin(fixed), std::end(fixed), name) == std::end(fixed)) return nullptr;
  }
  const auto& targets = select.list("targetList");
  if (targets.size() != 1 || targets[0]["name"].exists()) return nullptr;
  return &targets[0]["val"];
}

// Names in FROM clauses below a node, without those of the CTEs around it.
void collect_relations(const ParseNode& node, const WindowFunctions& windows,
                       std::set<std::string> ctes, std::vector<std::string>& names) {
  const auto add = [&](const std::string& name) {
    const bool known = std::find(names.begin(), names.end(), name) != names.end();
    if (!known && !ctes.contains(name)) names.push_back(name);
  };
  for (const ParseNode& cte : node["withClause"].list("ctes")) {
    collect_relations(cte["ctequery"], windows, ctes, names);
    ctes.insert(cte.text("ctename"));
  }
  if (node.is("RangeVar")) add(node.text("relname"));
  const std::string function = node.is("FuncCall") ? last_string(node.list("funcname")) : "";
  const auto& arguments = node.list("args");
  if (windows.find(function) != nullptr && !arguments.empty()) {
    const auto fields = strings_of(arguments[0].list("fields"));
    if (fields.size() == 1) add(fields[0]);
  }
  for (const auto& [name, member] : node.members()) {
    if (name != "withClause") collect_relations(member, windows, ctes, names);
  }
  for (const ParseNode& item : node.items()) collect_relations(item, windows, ctes, names);
}

}  // namespace

BindResult bind_query(std::string_view sql, const BindContext& context) {
  const auto statements = parse_sql(sql);
  if (!statements) return {nullptr, {statements.error()}};
  BindState state(context, sql);
  report_hints(state);
  RelationPtr relation = bind_statements(state, *statements);
  if (state.has_errors()) relation = nullptr;
  return {std::move(relation), state.take_problems()};
}

BindExpressionResult bind_expression(std::string_view sql, const Schema& schema,
                                     const BindContext& context) {
  const auto statements = parse_selected(sql);
  if (!statements) return {nullptr, {statements.error()}};
  const ParseNode* expression = sole_expression(*statements);
  if (!expression) {
    return {nullptr, {{.code = ErrorCode::sql_syntax, .message = "this is not one expression"}}};
  }
  BindState state(context, sql);
  NameScope scope;
  scope.add("the row", schema, 0);
  ExpressionPtr bound = ExpressionBinder(state, scope, "this expression").bind_typed(*expression);
  return {std::move(bound), state.take_problems()};
}

std::vector<std::string> referenced_relations(std::string_view sql) {
  std::vector<std::string> names;
  const auto statements = parse_sql(sql);
  if (!statements) return names;
  const WindowFunctions windows;
  for (const ParseNode& statement : *statements) collect_relations(statement, windows, {}, names);
  return names;
}

}  // namespace sluice
