#include "plan/operations/plan_window.hpp"

#include "plan/text/operation_text.hpp"

namespace sluice {

std::string short_text(const PlanWindow& window, const std::vector<std::string>& names) {
  std::string text = window.window->text(names[window.time_column]);
  if (window.window->depends_on_rows()) text += " of " + list_text(window.partition, names);
  return text;
}

}  // namespace sluice
