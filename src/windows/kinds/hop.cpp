#include "windows/kinds/hop.hpp"

#include "windows/grid_arguments.hpp"
#include "windows/sliding_assigner.hpp"

namespace sluice {

namespace {

// Windows a row may count in. A group's windows are sent one after the other when time leaps, and
// each late row corrects as many. Their slices are also taken back one by one.
constexpr int64_t most_windows = 10'000;

class Hop final : public GridWindow {
 public:
  explicit Hop(const GridSizes& sizes) : GridWindow(sizes) {}

  std::string_view name() const override { return "hop"; }
  bool is_told_by_start() const override { return true; }
  bool may_overlap() const override { return true; }
  std::unique_ptr<const WindowAssigner> assigner(TypeKind time_type,
                                                 const TimeZone& zone) const override {
    return std::make_unique<SlidingAssigner>(sizes(), time_type, zone);
  }
};

std::optional<WindowProblem> check_slide(const PlacedDuration& slide, const WindowDuration& size) {
  if (auto problem = check_positive(slide, "slide")) return problem;
  if (slide.value.is_days() != size.is_days()) {
    return WindowProblem{slide.place, "slide and size are both in days or both in hours and less",
                         "write '24 hours' for a window that ignores daylight saving"};
  }
  return check_count(slide, size, most_windows, "slide");
}

MadeWindow make(std::span<const WindowDuration> durations) {
  const PlacedDuration slide{durations[0], 0};
  const PlacedDuration size{durations[1], 1};
  if (auto problem = check_one_kind(slide)) return *problem;
  if (auto problem = check_one_kind(size)) return *problem;
  if (auto problem = check_positive(size, "size")) return *problem;
  if (auto problem = check_slide(slide, size.value)) return *problem;
  GridSizes sizes = grid_sizes(slide.value, size.value);
  if (auto problem = take_offset(durations, 2, slide.value, sizes)) return *problem;
  return hopping_windows(sizes);
}

}  // namespace

WindowPtr hopping_windows(const GridSizes& sizes) { return std::make_shared<Hop>(sizes); }

void register_hop(WindowFunctions& functions) {
  functions.add({.name = "hop",
                 .usage = "HOP(rel, ts, slide, size [, offset])",
                 .least_durations = 2,
                 .most_durations = 3,
                 .make = make});
}

}  // namespace sluice
