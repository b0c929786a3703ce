#include "plan/step_order.hpp"

#include <algorithm>
#include <set>

#include "sql/binder.hpp"

namespace sluice {

StepOrder order_steps(const std::vector<StepSettings>& steps) {
  std::set<std::string> waiting;
  std::vector<StepOrder::Entry> unordered;
  for (const StepSettings& step : steps) {
    waiting.insert(step.name);
    unordered.push_back({&step, referenced_relations(step.sql)});
  }
  StepOrder order;
  while (!unordered.empty()) {
    const auto ready = std::find_if(unordered.begin(), unordered.end(), [&](const auto& entry) {
      return std::none_of(entry.reads.begin(), entry.reads.end(),
                          [&](const std::string& name) { return waiting.contains(name); });
    });
    if (ready == unordered.end()) break;
    waiting.erase(ready->step->name);
    order.entries.push_back(std::move(*ready));
    unordered.erase(ready);
  }
  for (const auto& entry : unordered) order.in_circles.push_back(entry.step);
  return order;
}

}  // namespace sluice
