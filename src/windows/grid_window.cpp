#include "windows/grid_window.hpp"

#include "values/time/calendar.hpp"
#include "windows/duration_text.hpp"

namespace sluice {

namespace {

// What the rules of a zone may add to a number of calendar days, or take from it.
constexpr int64_t clock_changes_us = 3 * 3'600'000'000;

}  // namespace

std::string GridWindow::sizes_text() const {
  std::string text = sizes_.calendar_days > 0
                         ? std::to_string(sizes_.calendar_days) + " calendar days"
                         : "size " + duration_text(sizes_.size_us);
  text += " slide " + duration_text(sizes_.slide_us);
  if (sizes_.offset_us != 0) text += " offset " + duration_text(sizes_.offset_us);
  return text;
}

std::string GridWindow::text(const std::string& time) const {
  const bool has_days = sizes_.calendar_days > 0;
  return std::string(name()) + " " + time + (has_days ? " size " : " ") + sizes_text();
}

std::string GridWindow::canonical_text(const std::string& time) const {
  return std::string(name()) + "(" + time + " " + sizes_text() + ")";
}

std::optional<WindowLength> GridWindow::length() const {
  if (sizes_.calendar_days == 0) return WindowLength{sizes_.size_us, sizes_.size_us};
  const int64_t days_us = sizes_.calendar_days * us_per_day;
  return WindowLength{days_us - clock_changes_us, days_us + clock_changes_us};
}

}  // namespace sluice
