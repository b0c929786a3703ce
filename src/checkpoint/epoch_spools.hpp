// EpochSpools: the spool files that are being written: one per target and epoch with operations,
// opened at the first of them. Several epochs are open at once, for tasks pass a barrier at
// different times, and an abandoned epoch stays open until the next checkpoint.
//
// Owned by the coordinator. append and is_full come from tasks' threads; close_up_to and sync from
// the coordinating thread, when every task has passed the barrier of `epoch`. Errors of files are
// final for the run.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "memory/memory_pool.hpp"
#include "storage/spool_file.hpp"
#include "storage/state_folder.hpp"

namespace sluice {

struct ClosedSpool {
  Epoch epoch;
  std::string name;
  FileSeal seal;
  MarkerPoint after;
};

class EpochSpools {
 public:
  struct Target {
    std::string name;
    std::vector<SpoolSink> sinks;
  };
  // `folder` and `memory` outlive the spools.
  EpochSpools(const StateFolder& folder, MemoryPool& memory, std::vector<Target> targets,
              uint64_t limit_bytes);

  Status append(size_t target, uint32_t sink, Epoch epoch, std::string_view framed_operations,
                uint64_t operation_count);
  // Whether any target's operations of this epoch are over the limit.
  bool is_full(Epoch epoch) const;
  // Completes the target's spools of epochs up to `epoch`, in order, each durable but for its name;
  // the first is to be published after `after`.
  Result<std::vector<ClosedSpool>> close_up_to(size_t target, Epoch epoch, MarkerPoint after);

 private:
  struct Open {
    std::unique_ptr<SpoolWriter> writer;
    std::unique_ptr<Reservation> memory;
  };
  struct Slot {
    Target target;
    mutable std::mutex mutex;
    std::map<Epoch, Open> open;
  };
  Result<SpoolWriter*> writer_of(Slot& slot, Epoch epoch);

  const StateFolder& folder_;
  MemoryPool& memory_;
  uint64_t limit_bytes_;
  std::vector<std::unique_ptr<Slot>> slots_;
};

}  // namespace sluice
