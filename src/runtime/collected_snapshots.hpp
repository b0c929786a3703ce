// CollectedSnapshots: what all tasks of a run have handed over at one barrier, as a checkpoint is
// completed with. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/task.hpp"

namespace sluice {

struct CollectedSnapshots {
  std::vector<TaskPart> parts;
  // A scan's watermark is the least that a task of it has sent: the others have seen no more of the
  // partitions that are behind.
  SavedProgress progress;
  int64_t next_emission_us = INT64_MAX;  // the least
};

CollectedSnapshots collect_snapshots(std::vector<TaskSnapshot> snapshots);

}  // namespace sluice
