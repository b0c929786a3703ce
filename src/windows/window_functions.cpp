#include "windows/window_functions.hpp"

#include "values/time/calendar.hpp"

namespace sluice {

int64_t WindowDuration::nominal_us() const { return days * us_per_day + microseconds; }

WindowFunctions::WindowFunctions() { register_window_functions(*this); }

const WindowFunction* WindowFunctions::find(std::string_view name) const {
  for (const WindowFunction& function : functions_) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

std::string WindowFunctions::names() const {
  std::string text;
  for (const WindowFunction& function : functions_) {
    text += (text.empty() ? "" : ", ") + upper_name(function.name);
  }
  return text;
}

std::string upper_name(std::string_view name) {
  std::string upper(name);
  for (char& letter : upper) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return upper;
}

}  // namespace sluice
