// CheckpointNeed: whether a run needs a checkpoint when one is due (C0 of checkpoint/PROTOCOL.md),
// or even before. It needs one when
//   - anything has moved since the last barrier;
//   - what that barrier was for is not decided: after an abandoned checkpoint the epoch's output
//   and
//     the dead letters that it took wait for the next one, though nothing may ever move again;
//   - operators hold changes back (`emit.every`) that a barrier would emit by now;
//   - splits were assigned whose start depends on when they are: until a manifest holds it, a crash
//     would move it. This one does not wait until it is due;
//   - a split may not be the one that was read (SplitGuard): the checkpoint finds out. Nor does
//   this.
// Pure; owned by the run's coordinating thread.
#pragma once

#include <cstdint>

namespace sluice {

class CheckpointNeed {
 public:
  // `movements`: of all tasks so far. `now_us`: Clock::now_us.
  bool is_needed(uint64_t movements, int64_t now_us) const {
    return is_urgent_ || is_undecided_ || movements != movements_at_barrier_ ||
           now_us >= next_emission_us_;
  }
  bool is_urgent() const { return is_urgent_; }

  void note_start_to_keep() { is_urgent_ = true; }
  void note_doubt() { is_urgent_ = true; }
  // Of all tasks, the least; INT64_MAX: nothing is held back.
  void note_next_emission(int64_t next_us) { next_emission_us_ = next_us; }
  // A barrier enters now.
  void begin(uint64_t movements) {
    movements_at_barrier_ = movements;
    is_undecided_ = true;
    is_urgent_ = false;
  }
  // Its checkpoint is decided.
  void complete() { is_undecided_ = false; }

 private:
  uint64_t movements_at_barrier_ = 0;
  int64_t next_emission_us_ = INT64_MAX;
  bool is_undecided_ = false;  // what the last barrier was for
  bool is_urgent_ = false;
};

}  // namespace sluice
