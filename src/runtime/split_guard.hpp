// SplitGuard: lets a checkpoint be decided only if the splits that it has read of are still those
// which the checkpoint before it had read of, so that records of a topic that was created again
// are never taken for the next ones of the former topic. Owned by a run, used by its coordinating
// thread. Also tells lag tools what is decided.
//
// What a split held at the last checkpoint must still be there after the last record of this one
// has come. A server that does not answer in time holds nothing up: the checkpoint is decided, and
// what was confirmed last is compared as soon as it answers. Only splits that were read since the
// last checkpoint are waited for, so one whose server is away costs one wait, not one each time.
// The others are looked at now and then: a topic that was created again with exactly as many
// records brings none.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "dataflow/split_check.hpp"
#include "dataflow/stream_graph.hpp"
#include "env/clock.hpp"
#include "storage/saved_progress.hpp"

namespace sluice {

class SplitGuard {
 public:
  struct Settings {
    std::string pipeline_id;
    // After so long without a question about a split, the next one is due.
    int64_t look_interval_us = 5'000'000;
  };
  // `restored`: where the splits are read from; empty for a fresh start. `clock` is borrowed.
  SplitGuard(const StreamGraph& graph, const std::vector<SavedSplit>& restored, Settings settings,
             const Clock& clock);

  // Before the checkpoint that saves `splits` is decided; one that is not decided after an OK ends
  // the run. Errors: Retry::later, no decided checkpoint is wrong and the next start decides from
  // the last one; Retry::never, a checkpoint was decided while the server did not answer, and
  // records may be missing from it.
  Status confirm(const std::vector<SavedSplit>& splits);
  // Between checkpoints; waits for nothing. True: a split does not seem to be the one that was
  // read; the next checkpoint, which is to be taken now, decides, knowing from where the split is
  // read by now.
  bool look();
  // After the checkpoint that saves `splits` is decided.
  void report(const std::vector<SavedSplit>& splits);
  // The last call.
  void close();

 private:
  struct Known {
    std::shared_ptr<const Origin> origin;
    SplitPosition confirmed;
    SplitPosition decided;  // differs while the server does not answer
    // What an answer to the question under way confirms, which is about `confirmed`.
    std::optional<SplitPosition> asked;
    int64_t asked_us = 0;
    std::optional<Error> doubt;  // it is not what was confirmed
  };
  using Key = std::tuple<std::string, std::string, int32_t>;  // source, stream, partition

  Known& known(const SavedSplit& split);
  bool is_stale(const Known& known) const;
  // What is to be asked about a split that is read up to `now`.
  SplitAssignment question(Known& known, const SplitPosition& now);
  void settle(const std::string& source, const std::vector<SplitCheck::Answer>& answers);
  std::vector<const Known*> doubtful(const std::string& source) const;
  // Of the splits of one source, at least one. What ends the run because of them.
  static Error judge(SplitCheck& check, const std::vector<const Known*>& doubtful);

  const Settings settings_;
  const Clock& clock_;
  std::map<std::string, std::unique_ptr<SplitCheck>> checks_;  // by source
  std::map<Key, Known> known_;
};

}  // namespace sluice
