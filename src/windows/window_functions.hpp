// WindowFunctions: the window functions that SQL has, by the kinds of windows that they make. Each
// kind registers its own. Filled by the constructor, then immutable; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "windows/window.hpp"

namespace sluice {

// A constant interval: whole calendar days and an exact time. Within longest_window_days.
struct WindowDuration {
  int32_t days = 0;
  int64_t microseconds = 0;

  bool is_days() const { return days != 0; }
  // Days taken as 24 hours.
  int64_t nominal_us() const;
};

// 273 years: sums of times and durations stay far from the ends of int64.
constexpr int32_t longest_window_days = 100'000;

// What is wrong with one of the durations.
struct WindowProblem {
  size_t duration = 0;
  std::string message;
  std::string advice = {};
};

using MadeWindow = std::variant<WindowPtr, WindowProblem>;

struct WindowFunction {
  std::string_view name;
  std::string_view usage;  // "TUMBLE(rel, ts, size [, offset])"
  // Durations that must be given, behind the relation and its time column, and that may be.
  size_t least_durations = 1;
  size_t most_durations = 1;
  bool takes_partition = false;  // partition_by => column, or ARRAY[columns]
  MadeWindow (*make)(std::span<const WindowDuration> durations) = nullptr;
};

class WindowFunctions {
 public:
  WindowFunctions();  // of all kinds

  // For the registrations.
  void add(const WindowFunction& function) { functions_.push_back(function); }

  // Null: there is none of that name.
  const WindowFunction* find(std::string_view name) const;
  const std::vector<WindowFunction>& all() const { return functions_; }
  // "TUMBLE, HOP, CUMULATE".
  std::string names() const;

 private:
  std::vector<WindowFunction> functions_;
};

// Generated: registers every kind.
void register_window_functions(WindowFunctions& functions);

// What SQL writes in lower case as messages write it: "TUMBLE".
std::string upper_name(std::string_view name);

}  // namespace sluice
