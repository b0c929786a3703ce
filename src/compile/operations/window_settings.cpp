#include "compile/operations/window_settings.hpp"

#include "base/assert.hpp"

namespace sluice {

namespace {

using Kind = WindowSettings::Kind;

// A kind that comes to the plan must get its operator here.
Kind assigned(WindowKind from) {
  switch (from) {
    case WindowKind::tumble:
      return Kind::tumble;
    case WindowKind::hop:
      return Kind::hop;
    case WindowKind::cumulate:
      return Kind::cumulate;
  }
  SLUICE_ASSERT(false, "unknown kind of window");
}

}  // namespace

WindowSettings window_settings(const PlanWindow& window, const NodeToCompile& from) {
  WindowSettings settings;
  if (window.source == PlanWindow::Source::carried) {
    settings.kind = window.time_is_window_start ? Kind::carried_start : Kind::carried_end;
  } else {
    settings.kind = assigned(window.kind);
  }
  settings.size_us = window.size_us;
  settings.slide_us = window.slide_us;
  settings.offset_us = window.offset_us;
  settings.calendar_days = window.calendar_days;
  settings.time_type = (*from.input_schema())[window.time_column].type.kind;
  return settings;
}

}  // namespace sluice
