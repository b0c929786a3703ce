#include "sql/aggregate_binder.hpp"

#include <algorithm>
#include <iterator>

namespace sluice {

namespace {

constexpr std::string_view aggregate_names[] = {"count", "sum",      "avg",     "min",
                                                "max",   "bool_and", "bool_or", "every"};

// True after the problem has been reported.
bool reject_form(ExpressionBinder& binder, const ParseNode& node, const std::string& name) {
  BindState& state = binder.state();
  const uint32_t position = node.position();
  if (!binder.aggregates()) {
    state.error(ErrorCode::misplaced_aggregate, position,
                name + "() is an aggregate and cannot stand in " + binder.place(),
                "aggregates belong into the select list and HAVING");
    return true;
  }
  if (node["agg_order"].exists() || node.flag("agg_within_group")) {
    state.error(ErrorCode::unsupported_aggregate, position,
                "ORDER BY inside of an aggregate is not supported");
    return true;
  }
  if (node.flag("agg_star") && name != "count") {
    state.error(ErrorCode::type_mismatch, position, name + "(*) does not exist",
                "only count takes *");
    return true;
  }
  if (node.flag("agg_star") || node.list("args").size() == 1) return false;
  state.error(ErrorCode::type_mismatch, position, name + "() takes one argument");
  return true;
}

// The argument, cast to what the aggregate takes; null when reported.
ExpressionPtr bind_argument(ExpressionBinder& inner, const ParseNode& node, const std::string& name,
                            AggregateSignature& signature) {
  BindState& state = inner.state();
  const ParseNode& argument = node.list("args").front();
  const ExpressionPtr value = inner.bind_typed(argument);
  if (!value) return nullptr;
  const auto found = state.functions().resolve_aggregate(name, {value->type()});
  if (!found) {
    state.error(found.error().code, node.position(), found.error().message, found.error().advice);
    return nullptr;
  }
  signature = *found;
  return inner.coerce({value}, signature.argument, argument.position()).expression;
}

}  // namespace

std::span<const std::string_view> known_aggregates() { return aggregate_names; }

bool is_aggregate(std::string_view name) {
  return std::find(std::begin(aggregate_names), std::end(aggregate_names), name) !=
         std::end(aggregate_names);
}

Bound bind_aggregate(ExpressionBinder& binder, const ParseNode& node, const std::string& name) {
  if (reject_form(binder, node, name)) return {};
  const std::string registered = name == "every" ? "bool_and" : name;
  ExpressionBinder inner(binder.state(), binder.scope(), "the argument of " + name + "()");
  AggregateUse use{.kind = AggregateKind::count_rows, .result = Type{TypeKind::bigint}};
  if (!node.flag("agg_star")) {
    AggregateSignature signature{};
    use.argument = bind_argument(inner, node, registered, signature);
    if (!use.argument) return {};
    use.kind = signature.kind;
    use.result = signature.result;
  }
  // The smallest and the largest of distinct values are those of all.
  const bool extreme = use.kind == AggregateKind::min || use.kind == AggregateKind::max;
  use.distinct = node.flag("agg_distinct") && !extreme;
  if (node["agg_filter"].exists()) {
    use.filter = inner.bind_boolean(node["agg_filter"], "argument of FILTER");
    if (!use.filter) return {};
  }
  return {binder.aggregates()->add(std::move(use), node.position())};
}

}  // namespace sluice
