#include "sql/select_list.hpp"

#include "sql/column_name.hpp"
#include "sql/folded_alias.hpp"
#include "sql/syntax_advice.hpp"

namespace sluice {

namespace {

bool is_star(const ParseNode& value) {
  const auto& fields = value.list("fields");
  return value.is("ColumnRef") && !fields.empty() && fields.back().is("A_Star");
}

void expand_star(ExpressionBinder& binder, const ParseNode& value, std::vector<SelectItem>& items) {
  const auto names = strings_of(value.list("fields"));
  const uint32_t position = value.position();
  const std::string relation = names.empty() ? std::string() : names.back();
  if (!relation.empty() && !binder.scope().has_relation(relation)) {
    binder.state().error(ErrorCode::unknown_relation, position,
                         "FROM has no table \"" + relation + "\"");
    items.push_back({});
    return;
  }
  for (const ScopeColumn& column : binder.scope().columns()) {
    const bool wanted = relation.empty() ? !column.qualified_only : column.relation == relation;
    if (!wanted) continue;
    items.push_back({column.name, column_reference(column.index, column.type, position)});
  }
}

// The number of an INTERVAL '10' without a unit somewhere in an expression; null when none is.
const ParseNode* find_bare_interval(const ParseNode& node) {
  const bool is_interval = node.is("TypeCast") && node["typeName"].list("typmods").empty() &&
                           last_string(node["typeName"].list("names")) == "interval";
  const std::string& number = node["arg"]["sval"].text("sval");
  const bool is_bare =
      !number.empty() && number.find_first_not_of("0123456789. ") == std::string::npos;
  if (is_interval && is_bare) return &node;
  const ParseNode* found = nullptr;
  for (const auto& [name, member] : node.members()) {
    if (!found) found = find_bare_interval(member);
  }
  for (const ParseNode& item : node.items()) {
    if (!found) found = find_bare_interval(item);
  }
  return found;
}

// INTERVAL '10' MINUTES: the plural is no keyword, so the interval is 10 seconds called minutes.
bool report_interval_trap(BindState& state, const ParseNode& target) {
  const std::string& name = target.text("name");
  const ParseNode* interval = is_interval_unit(name) ? find_bare_interval(target["val"]) : nullptr;
  if (!interval) return false;
  SqlProblem problem =
      interval_trap((*interval)["arg"]["sval"].text("sval"), name, "becomes the column's name");
  state.error(problem.code, interval->position(), std::move(problem.message),
              std::move(problem.suggestion));
  return true;
}

SelectItem bind_item(ExpressionBinder& binder, const ParseNode& target) {
  const ParseNode& value = target["val"];
  SelectItem item;
  item.name = target["name"].exists() ? target.text("name") : figure_column_name(value);
  if (report_interval_trap(binder.state(), target)) return item;
  warn_of_folded_alias(binder.state(), target);
  const Bound bound = binder.bind(value);
  item.expression = bound.expression;
  item.untyped = bound.untyped;
  return item;
}

}  // namespace

std::vector<SelectItem> bind_select_list(ExpressionBinder& binder, const ParseNode::List& targets) {
  std::vector<SelectItem> items;
  for (const ParseNode& target : targets) {
    if (is_star(target["val"])) {
      expand_star(binder, target["val"], items);
    } else {
      items.push_back(bind_item(binder, target));
    }
  }
  return items;
}

}  // namespace sluice
