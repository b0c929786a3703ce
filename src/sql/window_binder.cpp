#include "sql/window_binder.hpp"

#include <optional>

#include "sql/expression_binder.hpp"
#include "sql/unsupported_calls.hpp"
#include "sql/window_arguments.hpp"
#include "windows/window_columns.hpp"

namespace sluice {

namespace {

const ParseNode no_call;

// The relation a window is over: a name, or a subquery in parentheses.
BoundTable bind_input(BindState& state, const ParseNode& node, const CteScope* ctes) {
  if (node.is("SubLink") && node.text("subLinkType") == "EXPR_SUBLINK") {
    const BoundQuery query = bind_query_node(state, node["subselect"], ctes);
    return {query.relation, {}};
  }
  const auto names = strings_of(node.list("fields"));
  if (node.is("ColumnRef") && names.size() == 1) {
    return bind_named_table(state, names[0], ctes, node.position());
  }
  state.error(ErrorCode::invalid_window, node.position(),
              "the first argument names a source, a step or a CTE, or is a subquery");
  return {};
}

std::optional<size_t> bind_time(BindState& state, const ParseNode& node, const Schema& schema) {
  const uint32_t position = node.position();
  if (node.is("FuncCall")) {
    const std::string name = last_string(node.list("funcname"));
    if (report_unsupported_call(state, node, name)) return std::nullopt;
  }
  const auto names = strings_of(node.list("fields"));
  if (!node.is("ColumnRef") || names.empty()) {
    state.error(ErrorCode::invalid_window, position, "the second argument is a time column",
                "compute it in a step or subquery, or in the source's columns");
    return std::nullopt;
  }
  NameScope scope;
  scope.add("the relation", schema, 0);
  const ScopeColumn* column = scope.resolve(state, "", names.back(), position);
  if (!column) return std::nullopt;
  if (column->type.is_time()) return column->index;
  state.error(ErrorCode::invalid_window, position,
              "\"" + column->name + "\" is " + type_name(column->type) +
                  "; a window needs a timestamp or timestamptz");
  return std::nullopt;
}

SchemaPtr windowed_schema(const Schema& input, Type time) {
  std::vector<Field> fields = input.fields();
  for (const WindowKey::Role role : window_roles) {
    fields.push_back({std::string(window_column_name(role)), time});
  }
  return std::make_shared<Schema>(std::move(fields));
}

// The columns of a windowed input whose names mean the new window. A window_time alone may be a
// column of the data: then its name is ambiguous.
std::vector<std::string> names_of_window(const Schema& input) {
  using Role = WindowKey::Role;
  const std::string start(window_column_name(Role::window_start));
  const std::string end(window_column_name(Role::window_end));
  std::vector<std::string> names = {start, end};
  const bool is_windowed = input.find(start) || input.find(end);
  if (is_windowed) names.emplace_back(window_column_name(Role::window_time));
  return names;
}

BoundTable bind_windowed(BindState& state, const ParseNode& item, const WindowFunction& function,
                         const CteScope* ctes) {
  const ParseNode& call = table_function_call(item);
  if (!check_window_arguments(state, call, function)) return {};
  const auto& arguments = call.list("args");
  const BoundTable input = bind_input(state, arguments[0], ctes);
  if (!input) return {};
  const Schema& schema = *input.relation->schema();
  const auto time = bind_time(state, arguments[1], schema);
  WindowPtr window = bind_window(state, call, function);
  auto partition = bind_partition(state, call, schema);
  if (!time || !window || !partition) return {};

  BoundTable table;
  table.relation = std::make_shared<Relation>(
      windowed_schema(schema, schema[*time].type),
      Windowed{input.relation, std::move(window), *time, std::move(*partition)}, call.position());
  const auto names = strings_of(arguments[0].list("fields"));
  apply_alias(state, item["alias"], names.empty() ? std::string(function.name) : names[0], table);
  table.scope.remove(names_of_window(schema), schema.size());
  return table;
}

}  // namespace

const ParseNode& table_function_call(const ParseNode& item) {
  if (!item.is("RangeFunction") || item.list("functions").size() != 1) return no_call;
  const auto& parts = item.list("functions").front().list("items");
  const auto& list = parts.empty() ? item.list("functions").front().items() : parts;
  return list.empty() ? no_call : list.front();
}

std::string table_function_name(const ParseNode& item) {
  const ParseNode& call = table_function_call(item);
  return call.is("FuncCall") ? last_string(call.list("funcname")) : std::string();
}

BoundTable bind_table_function(BindState& state, const ParseNode& item, const CteScope* ctes) {
  const std::string name = table_function_name(item);
  const ParseNode& call = table_function_call(item);
  if (const WindowFunction* function = state.windows().find(name)) {
    return bind_windowed(state, item, *function, ctes);
  }
  if (report_unsupported_table(state, call, name)) return {};
  if (name == "lookup") {
    state.error(ErrorCode::unknown_lookup, call.position(),
                "lookup() has no rows of its own: it joins to the table before it",
                "write FROM orders o LEFT JOIN LATERAL lookup('name', o.key) d ON true");
  } else {
    state.error(ErrorCode::unknown_relation, call.position(),
                "there is no table function \"" + name + "\"",
                "use " + state.windows().names() + " or LATERAL lookup");
  }
  return {};
}

}  // namespace sluice
