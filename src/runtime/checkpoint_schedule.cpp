#include "runtime/checkpoint_schedule.hpp"

#include <algorithm>

#include "base/checksum.hpp"

namespace sluice {

CheckpointSchedule::CheckpointSchedule(std::string_view pipeline, int64_t interval_us,
                                       int64_t start_us)
    : interval_us_(std::max<int64_t>(interval_us, 1)), due_us_(start_us + interval_us_) {
  const auto spread_us = static_cast<uint64_t>(interval_us_ / 2);
  if (spread_us > 0) due_us_ -= static_cast<int64_t>(stable_hash(pipeline) % spread_us);
}

void CheckpointSchedule::begin(int64_t now_us) {
  if (!is_due(now_us)) return;
  due_us_ += ((now_us - due_us_) / interval_us_ + 1) * interval_us_;
}

}  // namespace sluice
