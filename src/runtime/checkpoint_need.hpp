// CheckpointNeed: whether a run needs a checkpoint when one is due (C0 of checkpoint/PROTOCOL.md).
// It does when anything has moved since the last barrier, or when what that barrier was for is not
// decided: after an abandoned checkpoint the epoch's output and the dead letters that it took wait
// for the next one, though nothing may ever move again. Pure; owned by the run's coordinating
// thread.
#pragma once

#include <cstdint>

namespace sluice {

class CheckpointNeed {
 public:
  // `movements`: of all tasks so far.
  bool is_needed(uint64_t movements) const {
    return is_undecided_ || movements != movements_at_barrier_;
  }
  // A barrier enters now.
  void begin(uint64_t movements) {
    movements_at_barrier_ = movements;
    is_undecided_ = true;
  }
  // Its checkpoint is decided.
  void complete() { is_undecided_ = false; }

 private:
  uint64_t movements_at_barrier_ = 0;
  bool is_undecided_ = false;  // what the last barrier was for
};

}  // namespace sluice
