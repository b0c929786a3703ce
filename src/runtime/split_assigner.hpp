// SplitAssigner: which splits of which source are read in which slot: at start from the checkpoint
// and what exists, and later as new ones appear, which a thread of its own looks for, so that a
// slow broker stops nothing. That look is also what tells whether a source's server answers: an
// idle consumer notices nothing. take_new() and failure() are called by the run's coordinating
// thread, trouble() by any; the rest is internal.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "checkpoint/checkpoint_coordinator.hpp"
#include "dataflow/stream_graph.hpp"
#include "runtime/source_reader.hpp"

namespace sluice {

struct SlotSplits {
  size_t source_input = 0;
  uint32_t slot = 0;
  std::vector<SplitStart> splits;
  // Another run might begin them elsewhere, until a checkpoint holds where they begin.
  bool start_may_move = false;
};

class SplitAssigner {
 public:
  SplitAssigner(const StreamGraph& graph, uint32_t parallelism, const Environment& environment)
      : graph_(graph),
        parallelism_(parallelism),
        environment_(environment),
        known_(graph.sources.size()) {}
  ~SplitAssigner();

  // Every source's splits now: saved ones at their positions, others where `start` says, or from
  // their beginning when the pipeline has saved positions (they appeared since). Blocks on the
  // sources' servers.
  Result<std::vector<SlotSplits>> assign_initial(const std::optional<RestoredCheckpoint>& restored);
  // Looks for new splits of unbounded sources every interval from now on.
  void start_discovery(int64_t interval_us);
  // Splits that have appeared since.
  std::vector<SlotSplits> take_new();
  // Why the last look at some source failed; none: all sources' servers answer.
  std::optional<Error> trouble() const;
  // Of the thread itself, which has ended then: the run must end with it.
  std::optional<Error> failure() const;

 private:
  void discover_loop(int64_t interval_us);
  void discover(size_t source);
  void note_left_sources(const std::optional<RestoredCheckpoint>& restored) const;
  void note(size_t source, const Status& outcome);
  SlotSplits place(size_t source_input, SplitStart start);

  const StreamGraph& graph_;
  const uint32_t parallelism_;
  const Environment environment_;
  std::vector<std::set<std::pair<std::string, int32_t>>> known_;  // by source input
  mutable std::mutex mutex_;
  std::condition_variable condition_;
  bool stopping_ = false;
  std::map<size_t, Error> trouble_;  // by source input
  std::optional<Error> failure_;
  std::vector<std::pair<size_t, std::shared_ptr<const Origin>>> found_;
  std::thread thread_;
};

}  // namespace sluice
