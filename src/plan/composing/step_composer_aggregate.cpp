// StepComposer's aggregates: over windows, over results of windows, and without a window.
#include <algorithm>

#include "plan/composing/step_composer.hpp"
#include "plan/operations/group_aggregate.hpp"
#include "plan/operations/window_aggregate.hpp"
#include "plan/operations/window_rows.hpp"
#include "sql/relation_text.hpp"
#include "windows/kinds/carried.hpp"
#include "windows/window_functions.hpp"

namespace sluice {

namespace {

using Role = WindowKey::Role;

// Of windows that depend on rows: what each has its own of, in words.
std::string owners_of_windows(const Windowed& windowed) {
  if (windowed.partition.empty()) return "what has windows of its own";
  std::string names;
  for (const size_t column : windowed.partition) {
    names += names.empty() ? "\"" : ", \"";
    names += (*windowed.input->schema())[column].name + "\"";
  }
  return names;
}

// The columns an aggregate's input is projected to, each expression once.
class ColumnList {
 public:
  explicit ColumnList(const Schema& input) : names_(column_names(input)) {}

  size_t add(const ExpressionPtr& expression) {
    for (size_t i = 0; i < expressions.size(); ++i) {
      if (equal(*expressions[i], *expression)) return i;
    }
    fields.push_back({to_string(*expression, names_), expression->type()});
    expressions.push_back(expression);
    return expressions.size() - 1;
  }

  std::vector<ExpressionPtr> expressions;
  std::vector<Field> fields;

 private:
  const std::vector<std::string> names_;
};

// What the aggregate reads, in the order of the projected columns: plain keys, arguments, filters.
ColumnList columns_of_grouping(const WindowGrouping& grouping, const Schema& input) {
  ColumnList columns(input);
  for (const WindowGrouping::Key& key : grouping.keys) {
    if (key.is_plain()) columns.add(key.expression);
  }
  for (const WindowGrouping::Call& call : grouping.calls) {
    for (const ExpressionPtr& read : call.reads) columns.add(read);
  }
  const size_t time = grouping.windowed->time_column;
  columns.add(column_reference(time, input[time].type));
  return columns;
}

PlanWindow window_of(const WindowedResult& result) {
  return {.window = carried_windows(result.window, result.end ? CarriedBy::end : CarriedBy::start),
          .time_column = result.end ? *result.end : *result.start};
}

bool contains(const std::vector<size_t>& keys, std::optional<size_t> column) {
  return column && std::find(keys.begin(), keys.end(), *column) != keys.end();
}

}  // namespace

std::optional<PlanNodeId> StepComposer::compose_aggregate(const Relation& relation,
                                                          const Aggregate& aggregate) {
  const Relation* window = find_window(*aggregate.input);
  if (window) {
    std::optional<GroupingProblem> problem;
    const auto grouping = read_window_grouping(aggregate, *window, problem);
    if (problem) {
      return error(problem->code, window->position(), problem->message, problem->suggestion);
    }
    return compose_windowed(relation, grouping);
  }
  const auto input = compose(aggregate.input);
  if (!input) return std::nullopt;
  const PlanNode& below = draft_.node(*input);
  const auto& carried = below.window;
  const bool by_window = carried && (contains(aggregate.keys, carried->start) ||
                                     contains(aggregate.keys, carried->end));
  const bool appends = below.mode.kind == ChangelogMode::Kind::append;
  return by_window && appends ? compose_carried(relation, aggregate, *input)
                              : compose_grouped(relation, aggregate, *input);
}

std::optional<PlanNodeId> StepComposer::compose_windowed(const Relation& relation,
                                                         const WindowGrouping& grouping) {
  const auto input = window_input(relation, grouping);
  if (!input) return std::nullopt;
  const Windowed& windowed = *grouping.windowed;
  const Schema& from = *windowed.input->schema();
  ColumnList columns = columns_of_grouping(grouping, from);
  const size_t time = windowed.time_column;
  PlanWindowAggregate operation{
      .window = {windowed.window, columns.add(column_reference(time, from[time].type))}};
  for (const ExpressionPtr& expression : grouping.partition) {
    operation.window.partition.push_back(columns.add(expression));
  }
  operation.emit_every_us = step_.settings.emit_every_us;
  operation.late = late_policy();
  std::vector<Field> fields;
  for (size_t i = 0; i < grouping.keys.size(); ++i) {
    const WindowGrouping::Key& key = grouping.keys[i];
    if (key.is_computed_from_window) continue;
    const bool is_plain = key.role == Role::column;
    operation.keys.push_back({key.role, is_plain ? columns.add(key.expression) : 0});
    fields.push_back((*relation.schema())[i]);
  }
  for (size_t i = 0; i < grouping.calls.size(); ++i) {
    AggregateCall call = grouping.calls[i].call;
    auto read = grouping.calls[i].reads.begin();
    call.for_each_column([&](size_t& column) { column = columns.add(*read++); });
    operation.calls.push_back(call);
    fields.push_back((*relation.schema())[grouping.keys.size() + i]);
  }
  const PlanNodeId window = draft_.add(
      make(relation, std::move(operation), {*input}, std::make_shared<Schema>(std::move(fields))));
  return after_window(relation, grouping, window);
}

std::optional<PlanNodeId> StepComposer::window_input(const Relation& relation,
                                                     const WindowGrouping& grouping) {
  const Windowed& windowed = *grouping.windowed;
  const auto source = compose(windowed.input);
  if (!source || !check_window(grouping.position, windowed, *source)) return std::nullopt;
  Conjuncts below;
  for (const ExpressionPtr& conjunct : grouping.below) below.push_back(fold(conjunct));
  const PlanNodeId filtered = add_filter(relation, *source, std::move(below));
  const ColumnList columns = columns_of_grouping(grouping, *windowed.input->schema());
  std::vector<ExpressionPtr> expressions;
  for (const ExpressionPtr& expression : columns.expressions) {
    expressions.push_back(fold(expression));
  }
  return add_project(relation, filtered, std::move(expressions),
                     std::make_shared<Schema>(columns.fields));
}

bool StepComposer::check_window(uint32_t position, const Windowed& windowed, PlanNodeId input) {
  const PlanNode& node = draft_.node(input);
  const bool has_time =
      std::any_of(node.time_columns.begin(), node.time_columns.end(),
                  [&](const TimeColumn& time) { return time.column == windowed.time_column; });
  if (!check_append(position, input, "a window")) return false;
  if (has_time) return true;
  const std::string& name = (*node.schema)[windowed.time_column].name;
  error(ErrorCode::no_time_column, position,
        "\"" + name + "\" is not a time column of " + node.owner +
            " (time columns: " + time_columns_of(input) + ")",
        std::string(describe(ErrorCode::no_time_column).advice));
  return false;
}

// Without a GROUP BY the rows leave with their windows.
std::optional<PlanNodeId> StepComposer::compose_window_rows(const Relation& relation,
                                                            const Windowed& windowed) {
  const auto input = compose(windowed.input);
  if (!input || !check_window(relation.position(), windowed, *input)) return std::nullopt;
  if (windowed.window->depends_on_rows()) {
    return error(ErrorCode::unsupported_session, relation.position(),
                 upper_name(windowed.window->name()) +
                     " without a GROUP BY in the same step is not supported yet",
                 "group by window_start or window_end, and by " + owners_of_windows(windowed));
  }
  PlanWindowRows rows{{windowed.window, windowed.time_column}};
  return draft_.add(make(relation, std::move(rows), {*input}, relation.schema()));
}

// Filters over the window's columns, and keys computed from them.
PlanNodeId StepComposer::after_window(const Relation& relation, const WindowGrouping& grouping,
                                      PlanNodeId window) {
  const SchemaPtr schema = draft_.node(window).schema;
  const size_t input_columns = grouping.windowed->input->schema()->size();
  // From the window's schema to the aggregate's output.
  std::vector<size_t> mapping(input_columns + window_roles.size(), 0);
  std::vector<size_t> place(grouping.keys.size(), 0);
  size_t next = 0;
  for (size_t i = 0; i < grouping.keys.size(); ++i) {
    if (grouping.keys[i].is_computed_from_window) continue;
    for (size_t of_window = 0; of_window < window_roles.size(); ++of_window) {
      const bool is_it = grouping.keys[i].role == window_roles[of_window];
      if (is_it) mapping[input_columns + of_window] = next;
    }
    place[i] = next++;
  }
  Conjuncts above;
  for (const ExpressionPtr& conjunct : grouping.above) {
    above.push_back(fold(remap_columns(conjunct, mapping)));
  }
  const PlanNodeId filtered = add_filter(relation, window, std::move(above));
  if (next == grouping.keys.size()) return filtered;
  std::vector<ExpressionPtr> expressions;
  for (size_t i = 0; i < grouping.keys.size(); ++i) {
    const WindowGrouping::Key& key = grouping.keys[i];
    expressions.push_back(key.is_computed_from_window
                              ? fold(remap_columns(key.expression, mapping))
                              : column_reference(place[i], (*schema)[place[i]].type));
  }
  for (size_t i = next; i < schema->size(); ++i) {
    expressions.push_back(column_reference(i, (*schema)[i].type));
  }
  return add_project(relation, filtered, std::move(expressions), relation.schema());
}

// Results of windows, grouped by their window again: still windows.
std::optional<PlanNodeId> StepComposer::compose_carried(const Relation& relation,
                                                        const Aggregate& aggregate,
                                                        PlanNodeId input) {
  const WindowedResult& carried = *draft_.node(input).window;
  const auto length = carried.window->length();
  const bool needs_end = !length || !length->is_exact();
  if (needs_end && !contains(aggregate.keys, carried.end)) {
    return error(ErrorCode::window_not_grouped, relation.position(),
                 "these windows are told apart by window_end only",
                 "hand window_end on from the step before, and group by it");
  }
  PlanWindowAggregate operation{.window = window_of(carried)};
  operation.emit_every_us = step_.settings.emit_every_us;
  operation.late = late_policy();
  operation.calls = aggregate.calls;
  const Role told = carried.end ? Role::window_end : Role::window_start;
  for (const size_t key : aggregate.keys) {
    if (key == operation.window.time_column) {
      operation.keys.push_back({told, 0});
    } else if (key == carried.time) {
      operation.keys.push_back({Role::window_time, 0});
    } else {
      operation.keys.push_back({Role::column, key});
    }
  }
  return draft_.add(make(relation, std::move(operation), {input}, relation.schema()));
}

std::optional<PlanNodeId> StepComposer::compose_grouped(const Relation& relation,
                                                        const Aggregate& aggregate,
                                                        PlanNodeId input) {
  PlanGroupAggregate operation{.keys = aggregate.keys, .calls = aggregate.calls};
  operation.emit_every_us = step_.settings.emit_every_us;
  operation.ttl_us = step_.settings.ttl_us;
  return draft_.add(make(relation, std::move(operation), {input}, relation.schema()));
}

}  // namespace sluice
