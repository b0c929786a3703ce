// SplitGuard: lets a checkpoint be decided only if the splits that it has read of are still those
// which the checkpoint before it had read of, so that records of a topic that was created again
// are never taken for the next ones of the former topic. Owned by a run, used by its coordinating
// thread.
//
// What a split held at the last checkpoint must still be there after the last record of this one
// has come. A server that does not answer in time holds nothing up: the checkpoint is decided, and
// the next one compares what was confirmed last.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "dataflow/stream_graph.hpp"
#include "storage/saved_progress.hpp"

namespace sluice {

class SplitGuard {
 public:
  // `restored`: where the splits are read from; empty for a fresh start.
  SplitGuard(const StreamGraph& graph, const std::vector<SavedSplit>& restored);

  // Before the checkpoint that saves `splits` is decided; one that is not decided after an OK ends
  // the run. Errors: Retry::later, no decided checkpoint is wrong and the next start decides from
  // the last one; Retry::never, a checkpoint was decided while the server did not answer, and
  // records may be missing from it.
  Status confirm(const std::vector<SavedSplit>& splits);

 private:
  struct Known {
    SplitPosition confirmed;
    SplitPosition decided;  // differs while the server does not answer
  };
  using Key = std::tuple<std::string, std::string, int32_t>;  // source, stream, partition

  static Key key_of(const SavedSplit& split) {
    return {split.source, split.split.stream, split.split.partition};
  }
  // Of the splits of one source that have moved.
  Status confirm_source(SplitCheck& check, const std::vector<const SavedSplit*>& moved);
  Error judge(SplitCheck& check, const std::vector<const SavedSplit*>& moved, Error error) const;

  std::map<std::string, std::unique_ptr<SplitCheck>> checks_;  // by source
  std::map<Key, Known> known_;
};

}  // namespace sluice
