// Settings of aggregating operators, as tests write them. Plain functions.
#pragma once

#include <optional>
#include <string_view>

#include "expr/function_registry.hpp"
#include "operators/window_aggregate.hpp"
#include "support/test_rows.hpp"
#include "windows/kinds/carried.hpp"
#include "windows/kinds/cumulate.hpp"
#include "windows/kinds/hop.hpp"
#include "windows/kinds/tumble.hpp"

namespace sluice::test {

constexpr int64_t second_us = 1'000'000;
constexpr int64_t minute_us = 60 * second_us;
constexpr int64_t hour_us = 60 * minute_us;

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

// Windows as tests change and combine them.
struct WindowSettings : GridSizes {
  enum class Kind : uint8_t { tumble, hop, cumulate, carried_end, carried_start };
  Kind kind = Kind::tumble;
  TypeKind time_type = TypeKind::timestamptz;

  WindowPtr window() const {
    switch (kind) {
      case Kind::tumble:
        return tumbling_windows(*this);
      case Kind::hop:
        return hopping_windows(*this);
      case Kind::cumulate:
        return cumulating_windows(*this);
      case Kind::carried_end:
        return carried_windows(tumbling_windows(*this), CarriedBy::end);
      case Kind::carried_start:
        return carried_windows(tumbling_windows(*this), CarriedBy::start);
    }
    return nullptr;
  }
  std::unique_ptr<const WindowAssigner> assigner(const TimeZone& zone) const {
    return window()->assigner(time_type, zone);
  }
};

inline WindowSettings tumble(int64_t size_us) {
  WindowSettings window;
  window.size_us = window.slide_us = size_us;
  return window;
}

inline WindowSettings hop(int64_t slide_us, int64_t size_us) {
  WindowSettings window;
  window.kind = WindowSettings::Kind::hop;
  window.slide_us = slide_us;
  window.size_us = size_us;
  return window;
}

inline WindowSettings cumulate(int64_t step_us, int64_t size_us) {
  WindowSettings window = hop(step_us, size_us);
  window.kind = WindowSettings::Kind::cumulate;
  return window;
}

inline WindowSettings calendar(WindowSettings window, int32_t days) {
  window.calendar_days = days;
  window.size_us = 0;
  return window;
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
