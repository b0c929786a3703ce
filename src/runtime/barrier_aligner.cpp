#include "runtime/barrier_aligner.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace sluice {

std::optional<CheckpointBarrier> BarrierAligner::arrive(size_t input,
                                                        const CheckpointBarrier& barrier) {
  SLUICE_ASSERT(!arrived_[input], "a held input delivered a barrier");
  SLUICE_ASSERT(count_ == 0 || barrier_.epoch == barrier.epoch, "two barriers at once");
  barrier_ = barrier;
  arrived_[input] = true;
  if (++count_ < arrived_.size()) return std::nullopt;
  std::fill(arrived_.begin(), arrived_.end(), false);
  count_ = 0;
  return barrier_;
}

}  // namespace sluice
