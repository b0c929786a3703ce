#include "plan/operations/plan_window.hpp"

#include "sql/relation_text.hpp"

namespace sluice {

namespace {

constexpr int64_t day_us = 86'400'000'000;
// The longest that a zone's rules make a number of calendar days: clocks go back by less than this.
constexpr int64_t longest_shift_us = 3 * 3'600'000'000;

std::string size_text(const PlanWindow& window) {
  return window.calendar_days > 0 ? std::to_string(window.calendar_days) + " calendar days"
                                  : duration_text(window.size_us);
}

}  // namespace

int64_t longest_us(const PlanWindow& window) {
  return window.calendar_days > 0 ? window.calendar_days * day_us + longest_shift_us
                                  : window.size_us;
}

WindowedResult result_of(const PlanWindow& window) {
  return {.kind = window.kind,
          .size_us = window.size_us,
          .slide_us = window.slide_us,
          .offset_us = window.offset_us,
          .calendar_days = window.calendar_days};
}

std::string short_text(const PlanWindow& window, const std::string& time) {
  return std::string(window_name(window.kind)) + " " + time + " size " + size_text(window) +
         " slide " + duration_text(window.slide_us);
}

std::string canonical_text(const PlanWindow& window, const std::string& time) {
  std::string text = std::string(window_name(window.kind)) + "(" + time;
  text += (window.calendar_days > 0 ? " " : " size ") + size_text(window);
  text += " slide " + duration_text(window.slide_us);
  if (window.offset_us != 0) text += " offset " + duration_text(window.offset_us);
  text += ")";
  return (window.source == PlanWindow::Source::carried ? "carried " : "") + text;
}

}  // namespace sluice
