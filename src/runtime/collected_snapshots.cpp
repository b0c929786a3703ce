#include "runtime/collected_snapshots.hpp"

#include <algorithm>
#include <iterator>

namespace sluice {

CollectedSnapshots collect_snapshots(std::vector<TaskSnapshot> snapshots) {
  CollectedSnapshots collected;
  SavedProgress& progress = collected.progress;
  for (TaskSnapshot& snapshot : snapshots) {
    collected.next_emission_us = std::min(collected.next_emission_us, snapshot.next_emission_us);
    std::vector<SavedSplit>& splits = snapshot.part.splits;
    std::move(splits.begin(), splits.end(), std::back_inserter(progress.splits));
    for (const auto& [scan, watermark_us] : snapshot.sent_watermarks) {
      const auto [entry, is_new] = progress.issued_watermarks.emplace(scan, watermark_us);
      if (!is_new) entry->second = std::min(entry->second, watermark_us);
    }
    collected.parts.push_back(std::move(snapshot.part));
  }
  return collected;
}

}  // namespace sluice
