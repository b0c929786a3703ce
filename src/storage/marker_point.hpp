// MarkerPoint: what a target's marker says of progress: an epoch, and the checksum of the manifest
// that decided it. Epoch 0 with checksum 0: claimed, nothing published. Plain value.
#pragma once

#include <cstdint>

#include "base/ids.hpp"

namespace sluice {

struct MarkerPoint {
  Epoch epoch;
  uint64_t checksum = 0;
  bool operator==(const MarkerPoint&) const = default;
};

}  // namespace sluice
