// CheckpointCoordinator: one pipeline's checkpoints and publishing: the protocol of
// checkpoint/PROTOCOL.md, steps S1-S5 and C0-C5.
//
// Owned by the pipeline's run. open() blocks (lock, look, claim, publish what is pending).
// Afterwards:
//   - tasks call spool() from their own threads while records flow;
//   - the run's coordinating thread calls may_begin, then collects every task's part, then complete
//   (which blocks on fsync);
//   - one publishing thread per target, owned here, publishes decided epochs in order; its failures
//   show in health().
// stop() ends the publishing threads. Errors: fenced, target_refused, state_corrupt, state_locked,
// … are final; others carry Retry::later and the run is restarted from the last checkpoint.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "dataflow/dead_letter.hpp"
#include "dataflow/publisher.hpp"
#include "dataflow/sink.hpp"
#include "dataflow/source.hpp"
#include "env/counters.hpp"
#include "env/environment.hpp"
#include "memory/memory_pool.hpp"
#include "storage/saved_plan.hpp"
#include "storage/saved_progress.hpp"
#include "storage/spool_sink.hpp"
#include "storage/state_buffer.hpp"

namespace sluice {

struct CheckpointTarget {
  std::string name;  // of the connection
  std::function<Result<std::unique_ptr<Publisher>>(const PublisherIds&)> make_publisher;
  std::vector<SpoolSink> sinks;  // operations name them by index
};

struct CheckpointSettings {
  std::string folder;       // of this pipeline: <state dir>/<namespace>.<pipeline>
  std::string pipeline_id;  // <namespace>.<pipeline>
  // What is saved must fit it: checkpoint/plan_effects.hpp.
  SavedPlan plan;
  // Of steps that say what they `was`: the former name by the present one. Counts only where state
  // is saved under the former and none under the present one.
  std::map<std::string, std::string> former_names;
  uint32_t max_unpublished = 3;             // decided, unpublished epochs per target
  uint64_t spool_limit_bytes = 256u << 20;  // per target and epoch: back-pressure beyond
  uint32_t retain_spools = 0;
  uint32_t full_snapshot_every = 16;
  bool exactly_once = true;  // false: write through, flush before the manifest, no markers
  // Asked by open() before it takes targets that were not this folder's: whether the run can begin
  // at all. None: it can.
  std::function<Status()> before_taking;
  // By target: whose folder's marker was there when it was first looked at; empty: none. For all
  // starts of one pipeline in a process, so that a restart does not take what another folder has
  // taken since. Borrowed, and filled by open(); null: every start is the first.
  std::map<std::string, std::string>* first_seen = nullptr;
  // false: no threads of our own; everything decided is published inside wait_published, on the
  // caller's thread. For executors that drive a pipeline with one thread on a virtual clock.
  bool publish_in_background = true;
};

// What one task hands over at barrier `epoch`.
struct TaskPart {
  Epoch epoch;
  StateBuffer state;
  std::vector<SavedSplit> splits;
  // The least timestamp that an outside gave to a record which the epoch has read; for metrics.
  int64_t oldest_record_us = INT64_MAX;
};

struct RestoredCheckpoint {
  Epoch epoch;
  SavedProgress progress;
  bool closed = false;
};

struct PublishHealth {
  std::string target;
  Epoch published;
  std::optional<Error> last_error;  // of a publish that is being retried
  uint64_t unpublished_epochs = 0;
  uint64_t republished = 0;
};

class CheckpointCoordinator {
 public:
  virtual ~CheckpointCoordinator() = default;

  // S1-S4. `memory` pays for buffers.
  static Result<std::unique_ptr<CheckpointCoordinator>> open(CheckpointSettings settings,
                                                             std::vector<CheckpointTarget> targets,
                                                             const Environment& environment,
                                                             Counters& counters,
                                                             MemoryPool& memory);

  // The checkpoint to go on from; none: a fresh start.
  virtual const std::optional<RestoredCheckpoint>& restored() const = 0;
  // Entries of the restored state: full snapshot and deltas merged. `visit` is called for each, by
  // node; those of a renamed step come under its present name.
  virtual Status read_state(
      const std::function<Status(std::string_view state_id, const StateEntry& entry)>& visit) = 0;
  // From tasks: operations of `epoch` for one sink of one target, in order per task. Written to the
  // epoch's spool file (or through). Operations are framed: 4-byte little-endian length, then
  // bytes.
  virtual Status spool(size_t target, uint32_t sink, Epoch epoch,
                       std::string_view framed_operations, uint64_t operation_count) = 0;
  // Whether sinks write while records flow (at-least-once) and do not wait for the epoch's end.
  // Then, from tasks: what was spooled for a target so far is at the target or on its way.
  virtual bool writes_through() const = 0;
  virtual Status send(size_t target) = 0;
  // True when a target's spool of this epoch is over its limit: sources must wait for the next
  // barrier.
  virtual bool is_spool_full(Epoch epoch) const = 0;

  // C0: may barrier N = last + 1 start now? False while a target has too many unpublished epochs.
  virtual bool may_begin() const = 0;
  // The epoch that records flow into now; barrier `current_epoch()` ends it.
  virtual Epoch current_epoch() const = 0;
  // Kind of the snapshot that tasks must take at the next barrier.
  virtual SnapshotKind next_snapshot_kind() const = 0;
  // C1: the barrier of current_epoch() has been injected; later records belong to the next epoch.
  virtual Status begin() = 0;
  // C3 with all tasks' parts: on success the checkpoint is decided and its publishing queued.
  virtual Status complete(std::vector<TaskPart> parts, const SavedProgress& progress,
                          bool closes) = 0;
  // The barrier's checkpoint timed out or failed before the decision: it is abandoned; its epoch's
  // operations are decided together with the next checkpoint, as an epoch of their own, and the
  // next snapshot is full. Again, when its tasks have not passed the barrier for as long once more.
  // Error checkpoint_timeout after too many in a row.
  virtual Status abandon() = 0;

  // Rejects of published epochs, also of the previous run (S5), that have not become dead letters
  // yet. Clears what it returns: each letter must be spooled in the epoch that is current at this
  // call, so before begin().
  virtual std::vector<DeadLetter> take_rejects() = 0;
  virtual bool has_rejects() const = 0;
  virtual std::vector<PublishHealth> health() const = 0;
  // A final error of a publishing thread (fenced, refused): the run must end with it.
  virtual std::optional<Error> failure() const = 0;
  // Waits until everything decided is published, or the deadline (Clock::monotonic_us) passes;
  // false then.
  virtual bool wait_published(int64_t deadline_us) = 0;
  virtual void stop() = 0;
};

}  // namespace sluice
