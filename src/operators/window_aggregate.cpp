#include "operators/window_aggregate.hpp"

#include <algorithm>

#include "operators/windows/window_operators.hpp"
#include "windows/window_assigner.hpp"

namespace sluice {

std::vector<size_t> plain_keys(const WindowAggregateSettings& settings) {
  std::vector<size_t> columns;
  for (const WindowKey& key : settings.keys) {
    if (key.role == WindowKey::Role::column) columns.push_back(key.column);
  }
  return columns;
}

bool tells_start(const WindowAggregateSettings& settings) {
  return std::any_of(settings.keys.begin(), settings.keys.end(), [](const WindowKey& key) {
    return key.role == WindowKey::Role::window_start;
  });
}

std::unique_ptr<const WindowAssigner> assigner_of(const WindowAggregateSettings& settings,
                                                  const TimeZone& zone) {
  const Type& time = settings.input->fields()[settings.time_column].type;
  return settings.window->assigner(time.kind, zone);
}

std::shared_ptr<const OperatorDescription> make_window_aggregate(WindowAggregateSettings settings) {
  return WindowOperators().make(std::move(settings));
}

}  // namespace sluice
