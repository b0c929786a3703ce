#include "sql/window_arguments.hpp"

#include <algorithm>

#include "sql/expression_binder.hpp"
#include "values/time/calendar.hpp"

namespace sluice {

namespace {

constexpr std::string_view partition_name = "partition_by";

bool is_named(const ParseNode& argument) { return argument.is("NamedArgExpr"); }

// The arguments behind the relation and the time column that are given by position.
std::vector<const ParseNode*> durations_of(const ParseNode& call) {
  std::vector<const ParseNode*> durations;
  const auto& arguments = call.list("args");
  for (size_t i = 2; i < arguments.size(); ++i) {
    if (!is_named(arguments[i])) durations.push_back(&arguments[i]);
  }
  return durations;
}

std::optional<Interval> bind_interval(BindState& state, const ParseNode& node) {
  const NameScope nothing;
  ExpressionBinder binder(state, nothing, "a window's size");
  const uint32_t position = node.position();
  Bound bound = binder.bind(node);
  const Type interval{TypeKind::interval};
  if (bound.untyped) bound = binder.coerce(bound, interval, position);
  if (!bound) return std::nullopt;
  const auto* constant = bound.expression->as<Literal>();
  if (constant && bound.expression->type() == interval && !constant->value.is_null()) {
    return constant->value.get<Interval>();
  }
  state.error(ErrorCode::invalid_window, position, "a window's size is a constant interval",
              "write INTERVAL '1 minute'");
  return std::nullopt;
}

bool is_within(int64_t value, int64_t limit) { return value >= -limit && value <= limit; }

std::optional<WindowDuration> bind_duration(BindState& state, const ParseNode& node) {
  const auto interval = bind_interval(state, node);
  if (!interval) return std::nullopt;
  const uint32_t position = node.position();
  if (interval->months != 0) {
    state.error(ErrorCode::invalid_window, position, "windows of months or years are not supported",
                "write '36 hours' or '2 days'");
    return std::nullopt;
  }
  const bool fits = is_within(interval->days, longest_window_days) &&
                    is_within(interval->microseconds, longest_window_days * us_per_day);
  if (fits) return WindowDuration{interval->days, interval->microseconds};
  state.error(ErrorCode::invalid_window, position,
              "the duration is too large: a window has at most " +
                  std::to_string(longest_window_days) + " days");
  return std::nullopt;
}

std::optional<size_t> bind_partition_column(BindState& state, const ParseNode& node,
                                            const NameScope& scope) {
  const auto names = strings_of(node.list("fields"));
  if (!node.is("ColumnRef") || names.empty()) {
    state.error(ErrorCode::invalid_window, node.position(),
                "partition_by names a column of the relation, or several as ARRAY[a, b]",
                "compute it in a step or subquery, or in the source's columns");
    return std::nullopt;
  }
  const ScopeColumn* column = scope.resolve(state, "", names.back(), node.position());
  return column ? std::optional(column->index) : std::nullopt;
}

}  // namespace

bool check_window_arguments(BindState& state, const ParseNode& call,
                            const WindowFunction& function) {
  const auto& arguments = call.list("args");
  const std::string usage(function.usage);
  size_t named = 0;
  for (const ParseNode& argument : arguments) {
    if (!is_named(argument)) continue;
    ++named;
    const bool is_known = function.takes_partition && argument.text("name") == partition_name;
    if (is_known && named == 1) continue;
    state.error(ErrorCode::invalid_window, argument.position(),
                function.takes_partition ? "only partition_by is given by its name, and once"
                                         : "arguments are given by position",
                "write " + usage);
    return false;
  }
  const size_t given = arguments.size() - named;
  if (given >= 2 + function.least_durations && given <= 2 + function.most_durations) return true;
  state.error(ErrorCode::invalid_window, call.position(), "wrong number of arguments: " + usage);
  return false;
}

WindowPtr bind_window(BindState& state, const ParseNode& call, const WindowFunction& function) {
  const auto arguments = durations_of(call);
  std::vector<WindowDuration> durations;
  for (const ParseNode* argument : arguments) {
    const auto duration = bind_duration(state, *argument);
    if (!duration) return nullptr;
    durations.push_back(*duration);
  }
  MadeWindow made = function.make(durations);
  if (auto* window = std::get_if<WindowPtr>(&made)) return std::move(*window);
  const auto& problem = std::get<WindowProblem>(made);
  state.error(ErrorCode::invalid_window, arguments[problem.duration]->position(), problem.message,
              problem.advice);
  return nullptr;
}

std::optional<std::vector<size_t>> bind_partition(BindState& state, const ParseNode& call,
                                                  const Schema& input) {
  std::vector<size_t> columns;
  NameScope scope;
  scope.add("the relation", input, 0);
  for (const ParseNode& argument : call.list("args")) {
    if (!is_named(argument)) continue;
    const ParseNode& value = argument["arg"];
    const bool is_list = value.is("A_ArrayExpr");
    const size_t count = is_list ? value.list("elements").size() : 1;
    for (size_t i = 0; i < count; ++i) {
      const ParseNode& node = is_list ? value.list("elements")[i] : value;
      const auto column = bind_partition_column(state, node, scope);
      if (!column) return std::nullopt;
      const bool is_new = std::find(columns.begin(), columns.end(), *column) == columns.end();
      if (is_new) columns.push_back(*column);
    }
  }
  return columns;
}

}  // namespace sluice
