// SavedProgress: how far the sources of a pipeline had read, and event time had moved, at a
// barrier. Part of a manifest. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dataflow/source.hpp"

namespace sluice {

// Event time of one source's partition, and of the pipeline, as saved.
struct SavedClock {
  int64_t watermark_us = INT64_MIN;
  bool idle = false;
  bool operator==(const SavedClock&) const = default;
};

struct SavedSplit {
  std::string source;  // SourceDescription::identity()
  Origin split;
  SplitPosition position;
  bool finished = false;
  std::map<std::string, SavedClock> clocks;  // by scan (source name in the file)
  bool operator==(const SavedSplit&) const;
};

// Progress of the sources at a barrier: offsets, clocks, idleness.
struct SavedProgress {
  std::vector<SavedSplit> splits;
  std::map<std::string, int64_t> issued_watermarks;  // by scan: the highest watermark issued
  bool operator==(const SavedProgress&) const = default;
};

}  // namespace sluice
