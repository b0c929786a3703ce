#include "windows/kinds/cumulate.hpp"

#include <algorithm>

#include "values/time/calendar.hpp"
#include "windows/grid_arguments.hpp"

namespace sluice {

namespace {

// Steps of a window. A group's are sent one after the other when time leaps, and each late row
// corrects as many.
constexpr int64_t most_steps = 100'000;

class CumulatingAssigner final : public WindowAssigner {
 public:
  CumulatingAssigner(const GridSizes& sizes, TypeKind time_type, const TimeZone& zone)
      : grid_(sizes, time_type, zone),
        steps_in_places_(!grid_.is_in_days() || sizes.slide_us % us_per_day == 0),
        step_(steps_in_places_ ? grid_.slide() : sizes.slide_us) {}

  WindowRun run_of(int64_t time_us) const override {
    return run_of_place(time_us, grid_.place_of(time_us));
  }
  WindowRun open_run(int64_t time_us) const override {
    return run_of_place(time_us, grid_.open_place_of(time_us));
  }
  // Of the last time that is in it; the end itself may lie days later by the clocks.
  int64_t start_of(int64_t end_us) const override {
    return grid_.start_of_place(TimeGrid::floor_to(grid_.place_of(end_us - 1), grid_.size()));
  }

 private:
  WindowRun run_of_place(int64_t time_us, int64_t place) const {
    const int64_t start = TimeGrid::floor_to(place, grid_.size());
    const int64_t end = start + grid_.size();
    const int64_t last_end_us = grid_.end_before_place(end);
    if (steps_in_places_) {
      const int64_t from = start + TimeGrid::floor_to(place - start, step_);
      const int64_t to = std::min(from + step_, end);
      WindowRun run = grid_.run_around(time_us, from, to);
      run.first_end_us = grid_.end_before_place(to);
      run.last_end_us = last_end_us;
      return run;
    }
    // Steps of time inside of days that may have 23 or 25 hours.
    const int64_t start_us = grid_.start_of_place(start);
    const int64_t from_us = start_us + TimeGrid::floor_to(time_us - start_us, step_);
    const int64_t to_us = std::min(from_us + step_, last_end_us);
    const WindowRun whole = grid_.run_around(time_us, start, end);
    return {std::max(from_us, whole.from_us), std::min(to_us, whole.to_us), to_us, last_end_us};
  }

  TimeGrid grid_;
  bool steps_in_places_;
  int64_t step_;  // in places, or else in microseconds
};

class Cumulate final : public GridWindow {
 public:
  explicit Cumulate(const GridSizes& sizes) : GridWindow(sizes) {}

  std::string_view name() const override { return "cumulate"; }
  // Windows that grow from one start may end anywhere from their first step on.
  std::optional<WindowLength> length() const override {
    WindowLength length = *GridWindow::length();
    const int64_t shorter_us =
        (sizes().calendar_days > 0 ? sizes().calendar_days * us_per_day : sizes().size_us) -
        sizes().slide_us;
    length.least_us -= shorter_us;
    return length;
  }
  bool is_told_by_start() const override { return false; }
  bool may_overlap() const override { return true; }
  std::unique_ptr<const WindowAssigner> assigner(TypeKind time_type,
                                                 const TimeZone& zone) const override {
    return std::make_unique<CumulatingAssigner>(sizes(), time_type, zone);
  }
};

std::optional<WindowProblem> check_step(const PlacedDuration& step, const WindowDuration& size) {
  if (auto problem = check_positive(step, "step")) return problem;
  if (step.value.nominal_us() > size.nominal_us()) {
    return WindowProblem{step.place, "the step is larger than the size",
                         "the smaller duration comes first"};
  }
  if (size.nominal_us() % step.value.nominal_us() != 0) {
    return WindowProblem{step.place, "the size must be a multiple of the step"};
  }
  return check_count(step, size, most_steps, "step");
}

MadeWindow make(std::span<const WindowDuration> durations) {
  const PlacedDuration step{durations[0], 0};
  const PlacedDuration size{durations[1], 1};
  if (auto problem = check_one_kind(step)) return *problem;
  if (auto problem = check_one_kind(size)) return *problem;
  if (auto problem = check_positive(size, "size")) return *problem;
  if (auto problem = check_step(step, size.value)) return *problem;
  GridSizes sizes = grid_sizes(step.value, size.value);
  // Windows start a size apart, whatever their step.
  if (auto problem = take_offset(durations, 2, size.value, sizes)) return *problem;
  return cumulating_windows(sizes);
}

}  // namespace

WindowPtr cumulating_windows(const GridSizes& sizes) { return std::make_shared<Cumulate>(sizes); }

void register_cumulate(WindowFunctions& functions) {
  functions.add({.name = "cumulate",
                 .usage = "CUMULATE(rel, ts, step, size [, offset])",
                 .least_durations = 2,
                 .most_durations = 3,
                 .make = make});
}

}  // namespace sluice
