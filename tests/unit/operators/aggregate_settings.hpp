// Settings of aggregating operators, as tests write them. Plain functions.
#pragma once

#include <optional>
#include <string_view>

#include "expr/function_registry.hpp"
#include "operators/window_aggregate.hpp"
#include "support/test_rows.hpp"
#include "support/window_settings.hpp"

namespace sluice::test {

inline const AggregateRegistry& aggregates() {
  static const FunctionRegistry registry = [] {
    FunctionRegistry made;
    register_builtin_functions(made);
    return made;
  }();
  return registry.aggregates();
}

// Of a column of the input, of this type.
inline AggregateCall call(std::string_view name, size_t argument, std::string_view type) {
  return {.function = *aggregates().resolve(name, {*parse_type(type)}), .arguments = {argument}};
}

inline AggregateCall count_rows() { return {.function = *aggregates().resolve("count", {})}; }

inline AggregateCall distinct(AggregateCall column) {
  column.distinct = true;
  return column;
}

inline AggregateCall filtered(AggregateCall column, size_t filter) {
  column.filter = filter;
  return column;
}

// ts timestamptz, k text, v int -> window_start, window_end, k, the calls.
inline WindowAggregateSettings windowed(const WindowSettings& window,
                                        std::vector<AggregateCall> calls) {
  using Role = WindowKey::Role;
  WindowAggregateSettings settings;
  settings.policy.step = "totals";
  settings.input = schema_of("ts timestamptz, k text, v int");
  std::vector<Field> fields =
      schema_of("window_start timestamptz, window_end timestamptz, k text")->fields();
  for (const AggregateCall& column : calls) {
    fields.push_back({"c" + std::to_string(fields.size()), column.function->result});
  }
  settings.output = std::make_shared<Schema>(fields);
  settings.window = window.window();
  settings.keys = {{Role::window_start, 0}, {Role::window_end, 0}, {Role::column, 1}};
  settings.calls = std::move(calls);
  return settings;
}

}  // namespace sluice::test
