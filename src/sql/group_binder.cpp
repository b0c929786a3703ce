#include "sql/group_binder.hpp"

#include <algorithm>
#include <set>

#include "expr/expression_tree.hpp"
#include "sql/relation_text.hpp"

namespace sluice {

namespace {

bool report_grouping_set(BindState& state, const ParseNode& node) {
  if (!node.is("GroupingSet")) return false;
  state.error(ErrorCode::unsupported_grouping_sets, node.position(),
              "GROUPING SETS, ROLLUP and CUBE are not supported yet",
              std::string(describe(ErrorCode::unsupported_grouping_sets).advice));
  return true;
}

ExpressionPtr item_of_number(BindState& state, const ParseNode& node,
                             const std::vector<SelectItem>& items) {
  const auto number = state.text().integer_at(node.position()).value_or(0);
  if (number >= 1 && static_cast<size_t>(number) <= items.size()) {
    return items[static_cast<size_t>(number) - 1].expression;
  }
  state.error(ErrorCode::unknown_column, node.position(),
              "GROUP BY " + std::to_string(number) + ": the select list has " +
                  std::to_string(items.size()) + " columns");
  return nullptr;
}

const SelectItem* item_of_name(const std::string& name, const std::vector<SelectItem>& items) {
  const auto found = std::find_if(items.begin(), items.end(),
                                  [&](const SelectItem& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

// A name means a column of the input first, as in PostgreSQL. Null: reported, or the item was.
ExpressionPtr bind_group(ExpressionBinder& binder, const ParseNode& node,
                         const std::vector<SelectItem>& items) {
  BindState& state = binder.state();
  if (node.is("A_Const") && node["ival"].exists()) return item_of_number(state, node, items);
  const auto names = strings_of(node.list("fields"));
  if (node.is("ColumnRef") && names.size() == 1 && !binder.scope().find(names[0])) {
    if (const SelectItem* item = item_of_name(names[0], items)) return item->expression;
  }
  return binder.bind_typed(node);
}

bool calls_aggregate(const Expression& expression, size_t input_columns) {
  const auto columns = columns_of(expression);
  return !columns.empty() && columns.back() >= input_columns;
}

size_t columns_of_scope(const NameScope& scope) {
  size_t columns = 0;
  for (const ScopeColumn& column : scope.columns()) columns = std::max(columns, column.index + 1);
  return columns;
}

// Collects the columns of the projection below an Aggregate, each expression once.
class InputColumns {
 public:
  explicit InputColumns(const Schema& schema) : names_(column_names(schema)) {}

  size_t add(const ExpressionPtr& expression) {
    for (size_t i = 0; i < expressions_.size(); ++i) {
      if (equal(*expressions_[i], *expression)) return i;
    }
    fields_.push_back({name_of(*expression), expression->type()});
    expressions_.push_back(expression);
    return expressions_.size() - 1;
  }
  const std::vector<Field>& fields() const { return fields_; }
  RelationPtr project(RelationPtr input, uint32_t position) const {
    return std::make_shared<Relation>(std::make_shared<Schema>(fields_),
                                      Project{std::move(input), expressions_}, position);
  }

 private:
  // A computed column is named by its text: dead letters show rows of these.
  std::string name_of(const Expression& expression) {
    std::string name = to_string(expression, names_);
    while (!taken_.insert(name).second) name += "_";
    return name;
  }

  const std::vector<std::string> names_;
  std::vector<Field> fields_;
  std::vector<ExpressionPtr> expressions_;
  std::set<std::string> taken_;
};

// What fails, fails for the rows that FILTER lets pass alone.
ExpressionPtr filtered(const AggregateUse& use, const ExpressionPtr& value) {
  if (!use.filter || !may_fail(*value)) return value;
  return std::make_shared<Expression>(value->type(), Case{{{use.filter, value}}, nullptr});
}

AggregateCall call_of(const AggregateUse& use, InputColumns& columns) {
  AggregateCall call{.function = use.function, .distinct = use.distinct};
  for (const ExpressionPtr& argument : use.arguments) {
    call.arguments.push_back(columns.add(filtered(use, argument)));
  }
  for (const SortBy<ExpressionPtr>& key : use.order) {
    const size_t column = columns.add(filtered(use, key.value));
    call.order.push_back({column, key.descending, key.nulls_first});
  }
  if (use.filter) call.filter = columns.add(use.filter);
  return call;
}

}  // namespace

std::optional<std::vector<ExpressionPtr>> bind_groups(BindState& state, const NameScope& scope,
                                                      const ParseNode::List& clause,
                                                      const std::vector<SelectItem>& items) {
  ExpressionBinder binder(state, scope, "GROUP BY");
  std::vector<ExpressionPtr> groups;
  bool complete = true;
  for (const ParseNode& node : clause) {
    const bool rejected = report_grouping_set(state, node);
    const ExpressionPtr group = rejected ? nullptr : bind_group(binder, node, items);
    if (!group) {
      complete = false;
      continue;
    }
    if (calls_aggregate(*group, columns_of_scope(scope))) {
      state.error(ErrorCode::misplaced_aggregate, node.position(),
                  "GROUP BY cannot group by an aggregate");
      complete = false;
    } else if (!is_deterministic(*group)) {
      state.error(ErrorCode::volatile_key, node.position(), "now() cannot be part of a key",
                  std::string(describe(ErrorCode::volatile_key).advice));
      complete = false;
    }
    const bool known = std::any_of(groups.begin(), groups.end(), [&](const ExpressionPtr& other) {
      return equal(*other, *group);
    });
    if (!known) groups.push_back(group);
  }
  if (!complete) return std::nullopt;
  return groups;
}

Grouping::Grouping(RelationPtr input, std::vector<ExpressionPtr> groups, const AggregateUses& uses)
    : input_(std::move(input)), groups_(std::move(groups)), uses_(uses) {}

RelationPtr Grouping::relation(uint32_t position) const {
  InputColumns columns(*input_->schema());
  Aggregate aggregate;
  for (const ExpressionPtr& group : groups_) aggregate.keys.push_back(columns.add(group));
  for (const AggregateUse& use : uses_.uses()) {
    aggregate.calls.push_back(call_of(use, columns));
  }
  // count(*) alone: a relation without columns would not say how many rows it has.
  if (columns.fields().empty()) {
    columns.add(column_reference(0, (*input_->schema())[0].type));
  }
  std::vector<Field> fields;
  for (const size_t key : aggregate.keys) fields.push_back(columns.fields()[key]);
  const std::vector<std::string> names = column_names(Schema(columns.fields()));
  for (const AggregateCall& call : aggregate.calls) {
    fields.push_back({to_string(call, names), call.function->result});
  }
  aggregate.input = columns.project(input_, position);
  return std::make_shared<Relation>(std::make_shared<Schema>(std::move(fields)),
                                    std::move(aggregate), position);
}

ExpressionPtr Grouping::over_groups(BindState& state, const ExpressionPtr& expression) const {
  bool failed = false;
  ExpressionPtr rewritten = rewrite(state, expression, failed);
  return failed ? nullptr : rewritten;
}

ExpressionPtr Grouping::rewrite(BindState& state, const ExpressionPtr& expression,
                                bool& failed) const {
  for (size_t i = 0; i < groups_.size(); ++i) {
    if (!equal(*groups_[i], *expression)) continue;
    return column_reference(i, expression->type(), expression->position());
  }
  if (expression->as<ColumnReference>()) return rewrite_column(state, expression, failed);
  return with_children(expression,
                       [&](const ExpressionPtr& child) { return rewrite(state, child, failed); });
}

ExpressionPtr Grouping::rewrite_column(BindState& state, const ExpressionPtr& expression,
                                       bool& failed) const {
  const size_t column = expression->as<ColumnReference>()->index;
  const uint32_t position = expression->position();
  if (const auto use = uses_.use_of_column(column)) {
    return column_reference(groups_.size() + *use, expression->type(), position);
  }
  const std::string& name = (*input_->schema())[column].name;
  if (!failed) {
    state.error(ErrorCode::column_not_grouped, position,
                "column \"" + name + "\" is neither in GROUP BY nor in an aggregate",
                "add it to GROUP BY, or write max(" + name + ")");
  }
  failed = true;
  return expression;
}

}  // namespace sluice
