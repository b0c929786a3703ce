#include "sql/function_binder.hpp"

#include "base/closest_name.hpp"
#include "sql/aggregate_binder.hpp"
#include "sql/time_patterns.hpp"
#include "sql/unsupported_calls.hpp"

namespace sluice {

namespace {

struct ValueFunction {
  std::string_view operation;
  TypeKind type;
};

// All are the statement's time, cast.
constexpr ValueFunction clock_keywords[] = {
    {"SVFOP_CURRENT_TIMESTAMP", TypeKind::timestamptz},
    {"SVFOP_CURRENT_DATE", TypeKind::date},
    {"SVFOP_LOCALTIMESTAMP", TypeKind::timestamp},
};

constexpr std::string_view user_keywords[] = {
    "SVFOP_USER",         "SVFOP_CURRENT_USER",    "SVFOP_SESSION_USER",
    "SVFOP_CURRENT_ROLE", "SVFOP_CURRENT_CATALOG", "SVFOP_CURRENT_SCHEMA"};

Bound bind_clock(ExpressionBinder& binder, TypeKind type, uint32_t position) {
  BindState& state = binder.state();
  const Bound now = state.take(
      state.functions().resolve(FunctionForm::function, "now", {}, {}, position), position);
  if (!now) return {};
  return state.take(state.functions().cast(now.expression, Type{type}, true, position), position);
}

// Whatever its call carries: a name that is no function's may be meant as an aggregate's.
bool report_unknown(ExpressionBinder& binder, const ParseNode& node, const std::string& name) {
  BindState& state = binder.state();
  std::vector<std::string> names;
  for (const Function* function : state.functions().all()) {
    if (function->form != FunctionForm::function) continue;
    if (function->name == name) return false;
    if (!node.flag("agg_star")) names.push_back(function->name);
  }
  for (std::string& aggregate : state.functions().aggregates().names()) {
    names.push_back(std::move(aggregate));
  }
  state.error(ErrorCode::unknown_function, node.position(),
              "function \"" + name + "\" does not exist", did_you_mean(name, names));
  for (const ParseNode& argument : node.list("args")) binder.bind(argument);
  return true;
}

// What only aggregates and window functions may carry.
bool reject_decorations(ExpressionBinder& binder, const ParseNode& node, const std::string& name) {
  BindState& state = binder.state();
  const uint32_t position = node.position();
  if (node.flag("agg_star") || node.flag("agg_distinct") || node["agg_filter"].exists()) {
    state.error(ErrorCode::misplaced_aggregate, position,
                name + " is not an aggregate: *, DISTINCT and FILTER have no meaning in its call");
    return true;
  }
  if (!node.flag("func_variadic")) return false;
  state.error(ErrorCode::unsupported_array, position, "VARIADIC is not supported");
  return true;
}

}  // namespace

Bound bind_function(ExpressionBinder& binder, const ParseNode& node) {
  BindState& state = binder.state();
  const std::string name = last_string(node.list("funcname"));
  if (report_unsupported_call(state, node, name)) return {};
  if (state.functions().aggregates().has(name)) return bind_aggregate(binder, node, name);
  if (report_unknown(binder, node, name) || reject_decorations(binder, node, name)) return {};

  std::vector<ExpressionPtr> arguments;
  std::vector<bool> untyped;
  bool complete = true;
  for (const ParseNode& argument : node.list("args")) {
    const Bound bound = binder.bind(argument);
    complete = complete && bound;
    arguments.push_back(bound.expression);
    untyped.push_back(bound.untyped);
  }
  if (!complete) return {};
  const uint32_t position = node.position();
  Bound bound = state.take(state.functions().resolve(FunctionForm::function, name,
                                                     std::move(arguments), untyped, position),
                           position);
  warn_of_month_for_minute(state, bound);
  return bound;
}

Bound bind_value_function(ExpressionBinder& binder, const ParseNode& node) {
  BindState& state = binder.state();
  const uint32_t position = node.position();
  const std::string& operation = node.text("op");
  for (const ValueFunction& keyword : clock_keywords) {
    if (keyword.operation == operation) return bind_clock(binder, keyword.type, position);
  }
  const std::string word(state.text().token_at(position));
  for (const std::string_view keyword : user_keywords) {
    if (keyword != operation) continue;
    state.error(ErrorCode::trap_current_user, position,
                "\"" + word + "\" without quotes is a keyword of SQL, not a column",
                "write \"" + word + "\" in double quotes");
    return {};
  }
  state.error(ErrorCode::unsupported_sql, position, "\"" + word + "\" is not supported",
              "use CURRENT_TIMESTAMP, CURRENT_DATE or LOCALTIMESTAMP");
  return {};
}

}  // namespace sluice
