#include "windows/kinds/session.hpp"

#include "windows/duration_text.hpp"
#include "windows/grid_arguments.hpp"
#include "windows/window_assigner.hpp"

namespace sluice {

namespace {

MadeWindow make(std::span<const WindowDuration> durations) {
  const PlacedDuration gap{durations[0], 0};
  if (auto problem = check_positive(gap, "gap")) return *problem;
  if (gap.value.is_days()) {
    return WindowProblem{0, "the gap of a session is a time, not days",
                         "write '24 hours' for a day"};
  }
  return std::make_shared<SessionWindow>(gap.value.microseconds);
}

}  // namespace

std::string SessionWindow::text(const std::string& time) const {
  return "session " + time + " gap " + duration_text(gap_us_);
}

std::string SessionWindow::canonical_text(const std::string& time) const {
  return "session(" + time + " gap " + duration_text(gap_us_) + ")";
}

std::unique_ptr<const WindowAssigner> SessionWindow::assigner(TypeKind, const TimeZone&) const {
  return nullptr;
}

void register_session(WindowFunctions& functions) {
  functions.add({.name = "session",
                 .usage = "SESSION(rel, ts, gap [, partition_by => column])",
                 .least_durations = 1,
                 .most_durations = 1,
                 .takes_partition = true,
                 .make = make});
}

}  // namespace sluice
