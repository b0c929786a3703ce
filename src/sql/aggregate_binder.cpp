#include "sql/aggregate_binder.hpp"

#include <algorithm>

namespace sluice {

namespace {

// The name of the functions that are called with a star.
std::string star_functions(const AggregateRegistry& registry) {
  std::string text;
  for (const std::string& name : registry.names()) {
    if (registry.takes_star(name)) text += (text.empty() ? "" : " and ") + name;
  }
  return text;
}

// True after the problem has been reported.
bool reject_form(ExpressionBinder& binder, const ParseNode& node, const std::string& name) {
  BindState& state = binder.state();
  const AggregateRegistry& registry = state.functions().aggregates();
  const uint32_t position = node.position();
  if (!binder.aggregates()) {
    state.error(ErrorCode::misplaced_aggregate, position,
                name + "() is an aggregate and cannot stand in " + binder.place(),
                "aggregates belong into the select list and HAVING");
    return true;
  }
  if (node.flag("agg_within_group")) {
    state.error(ErrorCode::unsupported_aggregate, position,
                "WITHIN GROUP is not supported: " + name + "() has its ORDER BY inside",
                "write " + name + "(a ORDER BY b)");
    return true;
  }
  if (node.flag("agg_star") && !registry.takes_star(name)) {
    state.error(ErrorCode::type_mismatch, position, name + "(*) does not exist",
                "only " + star_functions(registry) + " takes *");
    return true;
  }
  if (node.flag("agg_star") || !node.list("args").empty() || !registry.takes_star(name)) {
    return false;
  }
  state.error(ErrorCode::type_mismatch, position, name + "() takes one argument",
              "write " + name + "(*) to take rows");
  return true;
}

// False: reported. The function, and the arguments cast to what it takes.
bool bind_arguments(ExpressionBinder& inner, const ParseNode& node, const std::string& name,
                    AggregateUse& use) {
  BindState& state = inner.state();
  std::vector<Type> types;
  bool complete = true;
  for (const ParseNode& argument : node.list("args")) {
    use.arguments.push_back(inner.bind_typed(argument));
    complete = complete && use.arguments.back();
    if (complete) types.push_back(use.arguments.back()->type());
  }
  if (!complete) return false;
  const auto found = state.functions().aggregates().resolve(name, types);
  if (!found) {
    state.error(found.error().code, node.position(), found.error().message, found.error().advice);
    return false;
  }
  use.function = *found;
  return true;
}

// False: reported.
bool bind_order(ExpressionBinder& inner, const ParseNode& node, AggregateUse& use) {
  BindState& state = inner.state();
  bool complete = true;
  for (const ParseNode& key : node.list("agg_order")) {
    if (key.text("sortby_dir") == "SORTBY_USING") {
      state.error(ErrorCode::unsupported_aggregate, key["node"].position(),
                  "ORDER BY … USING is not supported", "write ASC or DESC");
      return false;
    }
    const bool descending = key.text("sortby_dir") == "SORTBY_DESC";
    const std::string& nulls = key.text("sortby_nulls");
    const bool nulls_first =
        nulls == "SORTBY_NULLS_FIRST" || (descending && nulls != "SORTBY_NULLS_LAST");
    const ExpressionPtr value = inner.bind_typed(key["node"]);
    complete = complete && value;
    if (!value) continue;
    const bool is_argument =
        std::any_of(use.arguments.begin(), use.arguments.end(),
                    [&](const ExpressionPtr& argument) { return equal(*argument, *value); });
    if (use.distinct && !is_argument) {
      state.error(ErrorCode::misplaced_aggregate, key["node"].position(),
                  "in an aggregate with DISTINCT, ORDER BY expressions must be among the arguments",
                  "order by an argument, or leave DISTINCT out");
      return false;
    }
    use.order.push_back({value, descending, nulls_first});
  }
  return complete;
}

}  // namespace

Bound bind_aggregate(ExpressionBinder& binder, const ParseNode& node, const std::string& name) {
  if (reject_form(binder, node, name)) return {};
  ExpressionBinder inner(binder.state(), binder.scope(), "the argument of " + name + "()");
  AggregateUse use;
  use.distinct = node.flag("agg_distinct");
  if (!bind_arguments(inner, node, name, use) || !bind_order(inner, node, use)) return {};
  // What the result does not depend on is not part of the call.
  if (use.function->ignores_duplicates) use.distinct = false;
  if (!use.function->needs_order()) use.order.clear();
  if (node["agg_filter"].exists()) {
    use.filter = inner.bind_boolean(node["agg_filter"], "argument of FILTER");
    if (!use.filter) return {};
  }
  return {binder.aggregates()->add(std::move(use), node.position())};
}

}  // namespace sluice
