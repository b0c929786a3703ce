// How much one task reads of one source at a time. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice {

struct ReadLimits {
  size_t batch_records = 8192;  // of one raw batch
  // Between two barriers; at the limit the source waits for the next one.
  uint64_t epoch_records = UINT64_MAX;
  // What all sources of a run together may hold of what they have read ahead of its tasks.
  uint64_t ahead_bytes = 24 << 20;
};

}  // namespace sluice
