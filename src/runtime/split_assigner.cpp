#include "runtime/split_assigner.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include "base/caught_exception.hpp"

namespace sluice {

namespace {

// How soon a server that did not answer is asked again.
constexpr int64_t retry_us = 1'000'000;

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
  SlotSplits placed{source_input, slot, {}, false};
  placed.splits.push_back(std::move(start));
  return placed;
}

Result<std::vector<SlotSplits>> SplitAssigner::assign_initial(
    const std::optional<RestoredCheckpoint>& restored) {
  note_left_sources(restored);
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
      const bool may_move = description.start_may_move(start.assignment.position);
      result.push_back(place(source, std::move(start)));
      result.back().start_may_move = may_move;
    }
  }
  return result;
}

// A source that was edited to read something else starts there as a new one does.
void SplitAssigner::note_left_sources(const std::optional<RestoredCheckpoint>& restored) const {
  if (!restored) return;
  std::set<std::string> left;
  for (const SavedSplit& split : restored->progress.splits) left.insert(split.source);
  for (const SourceInput& source : graph_.sources) left.erase(source.identity);
  for (const std::string& identity : left) {
    environment_.log->warning(
        "positions are saved of a source that the pipeline does not read; "
        "they count again if it comes back",
        {{"source", identity}});
  }
}

void SplitAssigner::start_discovery(int64_t interval_us) {
  thread_ = std::thread([this, interval_us] {
    const Status ended = catch_exceptions("the search for new partitions",
                                          [this, interval_us] { discover_loop(interval_us); });
    if (ended) return;
    const std::lock_guard lock(mutex_);
    failure_ = ended.error();
  });
}

void SplitAssigner::discover_loop(int64_t interval_us) {
  std::unique_lock lock(mutex_);
  while (true) {
    const int64_t wait_us = trouble_.empty() ? interval_us : std::min(interval_us, retry_us);
    const auto is_stopping = [this] { return stopping_; };
    if (condition_.wait_for(lock, std::chrono::microseconds(wait_us), is_stopping)) return;
    lock.unlock();
    for (size_t source = 0; source < graph_.sources.size(); ++source) discover(source);
    lock.lock();
  }
}

void SplitAssigner::discover(size_t source) {
  const SourceDescription& description = *graph_.sources[source].description;
  if (description.is_bounded()) return;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
  }
  const auto found = description.discover(environment_);
  note(source, found ? Status{} : fail(found.error()));
  if (!found) return;
  const std::lock_guard lock(mutex_);
  for (const auto& split : *found) {
    if (!known_[source].contains({split->stream, split->partition}))
      found_.emplace_back(source, split);
  }
}

// Logged are an outage's first moment and its end, not every look in between.
void SplitAssigner::note(size_t source, const Status& outcome) {
  bool was_well = true;
  {
    const std::lock_guard lock(mutex_);
    was_well = trouble_.erase(source) == 0;
    if (!outcome) trouble_.emplace(source, outcome.error());
  }
  const std::string& identity = graph_.sources[source].identity;
  if (!outcome && was_well) {
    environment_.log->warning("the source's server does not answer; it is tried again",
                              outcome.error(), {{"source", identity}});
  } else if (outcome && !was_well) {
    environment_.log->info("the source's server answers again", {{"source", identity}});
  }
}

std::optional<Error> SplitAssigner::trouble() const {
  const std::lock_guard lock(mutex_);
  if (trouble_.empty()) return std::nullopt;
  return trouble_.begin()->second;
}

std::optional<Error> SplitAssigner::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
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
