// CheckpointSchedule: when the next barrier of a run is due. Pipelines of one process start
// together and mostly have the same interval: their barriers are staggered, so that they do not all
// sync their files at the same moments. Pure; times are Clock::monotonic_us.
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice {

class CheckpointSchedule {
 public:
  // The first barrier is due between half an interval and a whole one after the start; when, the
  // pipeline's name alone decides. The others are whole intervals after it.
  CheckpointSchedule(std::string_view pipeline, int64_t interval_us, int64_t start_us);

  bool is_due(int64_t now_us) const { return now_us >= due_us_; }
  // A barrier begins now, or is not needed. The next one is due within an interval: one that is
  // held up does not move those after it.
  void begin(int64_t now_us);
  int64_t due_us() const { return due_us_; }

 private:
  const int64_t interval_us_;
  int64_t due_us_;
};

}  // namespace sluice
