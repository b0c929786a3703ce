#include "windows/kinds/tumble.hpp"

#include "values/time/calendar.hpp"
#include "windows/grid_arguments.hpp"
#include "windows/sliding_assigner.hpp"

namespace sluice {

namespace {

class Tumble final : public GridWindow {
 public:
  explicit Tumble(const GridSizes& sizes) : GridWindow(sizes) {}

  std::string_view name() const override { return "tumble"; }
  bool is_told_by_start() const override { return true; }
  bool may_overlap() const override { return false; }
  std::unique_ptr<const WindowAssigner> assigner(TypeKind time_type,
                                                 const TimeZone& zone) const override {
    GridSizes side_by_side = sizes();
    side_by_side.slide_us = side_by_side.calendar_days > 0 ? side_by_side.calendar_days * us_per_day
                                                           : side_by_side.size_us;
    return std::make_unique<SlidingAssigner>(side_by_side, time_type, zone);
  }
};

MadeWindow make(std::span<const WindowDuration> durations) {
  const PlacedDuration size{durations[0], 0};
  if (auto problem = check_one_kind(size)) return *problem;
  if (auto problem = check_positive(size, "size")) return *problem;
  GridSizes sizes = grid_sizes(size.value, size.value);
  if (auto problem = take_offset(durations, 1, size.value, sizes)) return *problem;
  return tumbling_windows(sizes);
}

}  // namespace

WindowPtr tumbling_windows(const GridSizes& sizes) { return std::make_shared<Tumble>(sizes); }

void register_tumble(WindowFunctions& functions) {
  functions.add({.name = "tumble",
                 .usage = "TUMBLE(rel, ts, size [, offset])",
                 .least_durations = 1,
                 .most_durations = 2,
                 .make = make});
}

}  // namespace sluice
