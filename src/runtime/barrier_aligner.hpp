// BarrierAligner: aligns one task's inputs on a checkpoint barrier. An input whose barrier has come
// is held until the barrier has come on all; then the task may take its snapshot and every input is
// released. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "data/stream_element.hpp"

namespace sluice {

class BarrierAligner {
 public:
  explicit BarrierAligner(size_t inputs) : arrived_(inputs, false) {}

  bool is_held(size_t input) const { return arrived_[input]; }
  bool is_aligning() const { return count_ > 0; }
  // The barrier came on an input that was not held. Returns it when it has now come on all inputs:
  // all are released.
  std::optional<CheckpointBarrier> arrive(size_t input, const CheckpointBarrier& barrier);

 private:
  std::vector<bool> arrived_;
  size_t count_ = 0;
  CheckpointBarrier barrier_;
};

}  // namespace sluice
