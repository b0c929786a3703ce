#include "windows/sliding_assigner.hpp"

#include <algorithm>

namespace sluice {

WindowRun SlidingAssigner::run_of(int64_t time_us) const {
  return run_of_place(time_us, grid_.place_of(time_us));
}

WindowRun SlidingAssigner::open_run(int64_t time_us) const {
  return run_of_place(time_us, grid_.open_place_of(time_us));
}

WindowRun SlidingAssigner::run_of_place(int64_t time_us, int64_t place) const {
  const int64_t slide = grid_.slide();
  const int64_t last_start = TimeGrid::floor_to(place, slide);
  const int64_t last_end = last_start + grid_.size();
  const int64_t first_end = last_end - TimeGrid::floor_to(last_end - place - 1, slide);
  const int64_t from = std::max(last_start, first_end - slide);
  WindowRun run = grid_.run_around(time_us, from, std::min(last_start + slide, first_end));
  run.first_end_us = grid_.end_before_place(first_end);
  run.last_end_us = grid_.end_before_place(last_end);
  return run;
}

int64_t SlidingAssigner::start_of(int64_t end_us) const {
  // Of the last time that is in it; the end itself may lie days later by the clocks.
  const int64_t start = grid_.place_of(end_us - 1) + 1 - grid_.size();
  // Clocks that leap over the window's last days never show its last place.
  if (!grid_.is_in_days()) return grid_.start_of_place(start);
  return grid_.start_of_place(-TimeGrid::floor_to(-start, grid_.slide()));
}

}  // namespace sluice
