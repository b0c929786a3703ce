#include "plan/composing/window_grouping.hpp"

#include <algorithm>

#include "expr/expression_tree.hpp"
#include "windows/window_functions.hpp"

namespace sluice {

namespace {

using Role = WindowKey::Role;

GroupingProblem misused(const std::string& what) {
  return {ErrorCode::window_misused,
          what + " mixes window_start or window_end with other columns before the GROUP BY",
          "group by the plain window columns and compute with them in the select list"};
}

class GroupingReader {
 public:
  GroupingReader(const Windowed& windowed, size_t input_columns,
                 std::optional<GroupingProblem>& problem)
      : input_columns_(input_columns), problem_(problem) {
    result_.windowed = &windowed;
  }

  WindowGrouping run(const Aggregate& aggregate) {
    const auto columns = read(*aggregate.input);
    for (const size_t key : aggregate.keys) add_key(columns[key]);
    for (const AggregateCall& call : aggregate.calls) add_call(call, columns);
    if (result_.windowed->window->depends_on_rows()) add_partition();
    check();
    return std::move(result_);
  }

 private:
  // The columns of a relation between the aggregate and the window, over the window's schema.
  std::vector<ExpressionPtr> read(const Relation& relation) {
    if (const auto* filter = relation.as<Filter>()) {
      auto columns = read(*filter->input);
      for (const auto& conjunct : split_conjuncts(filter->predicate)) {
        add_filter(written_out(conjunct, columns));
      }
      return columns;
    }
    std::vector<ExpressionPtr> columns;
    if (const auto* project = relation.as<Project>()) {
      const auto below = read(*project->input);
      for (const ExpressionPtr& expression : project->expressions) {
        columns.push_back(written_out(expression, below));
      }
      return columns;
    }
    const Schema& schema = *relation.schema();
    for (size_t i = 0; i < schema.size(); ++i) {
      columns.push_back(column_reference(i, schema[i].type));
    }
    return columns;
  }

  ExpressionPtr written_out(const ExpressionPtr& expression,
                            const std::vector<ExpressionPtr>& below) {
    constexpr uint64_t most_nodes = 100'000;
    ExpressionPtr written = substitute_columns(expression, below);
    if (written->size() <= most_nodes) return written;
    report({ErrorCode::sql_syntax,
            "a column between the window and its aggregate, with what it is computed from written "
            "out, has more than 100000 parts",
            "compute it in a step before the window"});
    return literal(Value::null(expression->type()));
  }

  bool is_of_input(const Expression& expression) const {
    return reads_only(expression, 0, input_columns_);
  }
  bool is_of_window(const Expression& expression) const {
    return reads_only(expression, input_columns_, input_columns_ + window_roles.size());
  }

  void report(GroupingProblem problem) {
    if (!problem_) problem_ = std::move(problem);
  }

  void add_filter(ExpressionPtr conjunct) {
    if (is_of_input(*conjunct)) {
      result_.below.push_back(std::move(conjunct));
    } else if (is_of_window(*conjunct)) {
      result_.above.push_back(std::move(conjunct));
    } else {
      report(misused("WHERE"));
    }
  }

  void add_key(const ExpressionPtr& key) {
    const auto* column = key->as<ColumnReference>();
    if (column && column->index >= input_columns_) {
      result_.keys.push_back({window_roles[column->index - input_columns_], key});
    } else if (is_of_input(*key)) {
      result_.keys.push_back({Role::column, key});
    } else if (is_of_window(*key)) {
      result_.keys.push_back({Role::column, key, true});
    } else {
      report(misused("GROUP BY"));
    }
  }

  void add_call(const AggregateCall& call, const std::vector<ExpressionPtr>& columns) {
    WindowGrouping::Call added{call, {}};
    call.for_each_column([&](size_t column) { added.reads.push_back(columns[column]); });
    const bool of_input =
        std::all_of(added.reads.begin(), added.reads.end(),
                    [&](const ExpressionPtr& read) { return is_of_input(*read); });
    if (!of_input) report(misused(call.function->name + "()"));
    result_.calls.push_back(std::move(added));
  }

  void add_partition() {
    const Schema& input = *result_.windowed->input->schema();
    for (const size_t column : result_.windowed->partition) {
      result_.partition.push_back(column_reference(column, input[column].type));
    }
    if (!result_.partition.empty()) return;
    for (const WindowGrouping::Key& key : result_.keys) {
      if (key.is_plain()) result_.partition.push_back(key.expression);
    }
  }

  bool is_determined(const Expression& expression) const {
    for (const size_t column : columns_of(expression)) {
      if (!result_.key_of(window_roles[column - input_columns_])) return false;
    }
    return true;
  }

  void check() {
    const bool has_start = result_.key_of(Role::window_start).has_value();
    const bool has_end = result_.key_of(Role::window_end) || result_.key_of(Role::window_time);
    if (!has_start && !has_end) {
      report({ErrorCode::window_not_grouped, "GROUP BY names neither window_start nor window_end",
              "add window_start, or window_end, or both"});
    } else if (!result_.windowed->window->is_told_by_start() && !has_end) {
      report({ErrorCode::window_not_grouped,
              "many windows of " + upper_name(result_.windowed->window->name()) +
                  " have the same window_start",
              "group by window_start and window_end"});
    }
    if (result_.windowed->window->depends_on_rows()) check_partition();
    for (const WindowGrouping::Key& key : result_.keys) {
      if (!key.is_computed_from_window || is_determined(*key.expression)) continue;
      report({ErrorCode::window_misused, "GROUP BY computes with a window column it does not name",
              "group by the plain window column, too"});
    }
    for (const ExpressionPtr& filter : result_.above) {
      if (is_determined(*filter)) continue;
      report({ErrorCode::window_misused, "WHERE reads a window column that is not in GROUP BY",
              "add it to GROUP BY"});
    }
  }

  // The windows of two partitions have nothing to do with each other, and whole partitions are all
  // that can be left out before the windows are known.
  void check_partition() {
    check_partition_is_grouped();
    for (const ExpressionPtr& filter : result_.below) {
      if (is_deterministic(*filter) && reads_partition_alone(*filter)) continue;
      const std::string name = upper_name(result_.windowed->window->name());
      report({ErrorCode::window_misused,
              "WHERE would leave out rows after they have made the windows of " + name,
              "filter before, " + name +
                  "((SELECT * FROM … WHERE …), …), or what is counted: count(*) FILTER (WHERE …)"});
    }
  }

  bool reads_partition_alone(const Expression& expression) const {
    const auto& partition = result_.partition;
    const bool is_of_partition =
        std::any_of(partition.begin(), partition.end(),
                    [&](const ExpressionPtr& part) { return equal(*part, expression); });
    if (is_of_partition) return true;
    if (expression.as<ColumnReference>()) return false;
    const auto children = children_of(expression);
    return std::all_of(children.begin(), children.end(),
                       [this](const Expression* child) { return reads_partition_alone(*child); });
  }

  void check_partition_is_grouped() {
    const Schema& input = *result_.windowed->input->schema();
    for (const size_t column : result_.windowed->partition) {
      const bool is_key = std::any_of(
          result_.keys.begin(), result_.keys.end(), [column](const WindowGrouping::Key& key) {
            const auto* own = key.expression->as<ColumnReference>();
            return key.role == Role::column && own != nullptr && own->index == column;
          });
      if (is_key) continue;
      const std::string name = "\"" + input[column].name + "\"";
      report({ErrorCode::window_not_grouped,
              "partition_by names " + name + ", whose windows are its own, but GROUP BY does not",
              "group by " + name + ", too; a later step may group its results again"});
    }
  }

  size_t input_columns_;
  std::optional<GroupingProblem>& problem_;
  WindowGrouping result_;
};

}  // namespace

std::optional<size_t> WindowGrouping::key_of(WindowKey::Role role) const {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].role == role) return i;
  }
  return std::nullopt;
}

const Relation* find_window(const Relation& relation) {
  if (relation.as<Windowed>()) return &relation;
  if (const auto* filter = relation.as<Filter>()) return find_window(*filter->input);
  if (const auto* project = relation.as<Project>()) return find_window(*project->input);
  return nullptr;
}

WindowGrouping read_window_grouping(const Aggregate& aggregate, const Relation& window_relation,
                                    std::optional<GroupingProblem>& problem) {
  const auto& windowed = *window_relation.as<Windowed>();
  WindowGrouping grouping =
      GroupingReader(windowed, windowed.input->schema()->size(), problem).run(aggregate);
  grouping.position = window_relation.position();
  return grouping;
}

}  // namespace sluice
