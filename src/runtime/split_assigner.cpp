#include "runtime/split_assigner.hpp"

#include <chrono>
#include <map>

namespace sluice {

namespace {

using SplitName = std::pair<std::string, int32_t>;

std::map<SplitName, const SavedSplit*> saved_splits(
    const std::optional<RestoredCheckpoint>& restored, const std::string& source) {
  std::map<SplitName, const SavedSplit*> saved;
  if (!restored) return saved;
  for (const SavedSplit& split : restored->progress.splits) {
    if (split.source == source) saved[{split.split.stream, split.split.partition}] = &split;
  }
  return saved;
}

// Of a split without a saved position: one that appeared while the source's others were read starts
// at its beginning.
std::optional<SplitPosition> first_position(bool source_has_saved_positions) {
  if (!source_has_saved_positions) return std::nullopt;
  return SplitPosition{};
}

}  // namespace

SplitAssigner::~SplitAssigner() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  condition_.notify_all();
  if (thread_.joinable()) thread_.join();
}

SlotSplits SplitAssigner::place(size_t source_input, SplitStart start) {
  const auto slot = static_cast<uint32_t>(known_[source_input].size() % parallelism_);
  known_[source_input].emplace(start.assignment.split->stream, start.assignment.split->partition);
  SlotSplits placed{source_input, slot, {}};
  placed.splits.push_back(std::move(start));
  return placed;
}

Result<std::vector<SlotSplits>> SplitAssigner::assign_initial(
    const std::optional<RestoredCheckpoint>& restored) {
  std::vector<SlotSplits> result;
  for (size_t source = 0; source < graph_.sources.size(); ++source) {
    const SourceDescription& description = *graph_.sources[source].description;
    SLUICE_ASSIGN(const auto found, description.discover(environment_));
    const auto saved = saved_splits(restored, graph_.sources[source].identity);
    for (const auto& split : found) {
      SplitStart start{{split, first_position(!saved.empty())}, {}, false};
      const auto known = saved.find({split->stream, split->partition});
      if (known != saved.end()) {
        start = {{split, known->second->position}, known->second->clocks, known->second->finished};
      }
      result.push_back(place(source, std::move(start)));
    }
  }
  return result;
}

void SplitAssigner::start_discovery(int64_t interval_us) {
  thread_ = std::thread([this, interval_us] { discover_loop(interval_us); });
}

void SplitAssigner::discover_loop(int64_t interval_us) {
  const auto interval = std::chrono::microseconds(interval_us);
  std::unique_lock lock(mutex_);
  while (!condition_.wait_for(lock, interval, [this] { return stopping_; })) {
    for (size_t source = 0; source < graph_.sources.size(); ++source) {
      const SourceDescription& description = *graph_.sources[source].description;
      if (description.is_bounded()) continue;
      lock.unlock();
      const auto found = description.discover(environment_);
      lock.lock();
      if (!found) {
        environment_.log->warning("looking for new partitions failed; the next look is due in " +
                                      std::to_string(interval_us / 1'000'000) + " s",
                                  found.error());
        continue;
      }
      for (const auto& split : *found) {
        if (!known_[source].contains({split->stream, split->partition}))
          found_.emplace_back(source, split);
      }
    }
  }
}

std::vector<SlotSplits> SplitAssigner::take_new() {
  const std::lock_guard lock(mutex_);
  std::vector<SlotSplits> result;
  for (auto& [source, split] : found_) {
    if (known_[source].contains({split->stream, split->partition})) continue;
    result.push_back(place(source, {{split, SplitPosition{}}, {}, false}));
  }
  found_.clear();
  return result;
}

}  // namespace sluice
