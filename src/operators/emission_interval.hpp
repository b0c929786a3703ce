// EmissionInterval: `emit.every`: which barriers let changes out, the first one in each interval of
// processing time and a final one. Intervals are counted from 1970, so that all tasks let the same
// barriers. Value; one thread.
#pragma once

#include <cstdint>
#include <optional>

#include "data/stream_element.hpp"

namespace sluice {

class EmissionInterval {
 public:
  // 0: every barrier.
  explicit EmissionInterval(int64_t every_us) : every_us_(every_us) {}

  // Whether this barrier lets changes out. To be asked once of each.
  bool admits(const CheckpointBarrier& barrier) {
    if (every_us_ == 0) return true;
    const int64_t interval = barrier.time_us / every_us_;
    if (interval == last_ && !barrier.final) return false;
    last_ = interval;
    return true;
  }
  // The least time of the next barrier that does.
  int64_t next_us() const { return last_ ? (*last_ + 1) * every_us_ : INT64_MIN; }

 private:
  const int64_t every_us_;
  std::optional<int64_t> last_;  // in which changes were let out
};

}  // namespace sluice
