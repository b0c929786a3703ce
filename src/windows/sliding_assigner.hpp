// SlidingAssigner: windows of one size, a new one every slide; side by side where both are equal.
// Immutable; any thread.
#pragma once

#include "windows/time_grid.hpp"

namespace sluice {

class SlidingAssigner final : public WindowAssigner {
 public:
  SlidingAssigner(const GridSizes& sizes, TypeKind time_type, const TimeZone& zone)
      : grid_(sizes, time_type, zone) {}

  WindowRun run_of(int64_t time_us) const override;
  WindowRun open_run(int64_t time_us) const override;
  int64_t start_of(int64_t end_us) const override;

 private:
  WindowRun run_of_place(int64_t time_us, int64_t place) const;

  TimeGrid grid_;
};

}  // namespace sluice
