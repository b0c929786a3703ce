// FolderCoordinator: the CheckpointCoordinator whose decisions are files of a state folder. It runs
// the protocol's steps; what each decides is in checkpoint/decisions.hpp. Contract, threads and
// errors: checkpoint/checkpoint_coordinator.hpp; reasons: checkpoint/PROTOCOL.md.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_coordinator.hpp"
#include "checkpoint/epoch_spools.hpp"
#include "checkpoint/folder_contents.hpp"
#include "checkpoint/start.hpp"

namespace sluice {

// Borrowed; outlives the coordinator.
struct CoordinatorContext {
  const Environment& environment;
  Counters& counters;
  MemoryPool& memory;
};

class FolderCoordinator final : public CheckpointCoordinator {
 public:
  FolderCoordinator(CheckpointSettings settings, const std::vector<CheckpointTarget>& targets,
                    FolderContents contents, std::vector<StartedTarget> started,
                    const CoordinatorContext& context);

  const std::optional<RestoredCheckpoint>& restored() const override { return restored_; }
  Status read_state(
      const std::function<Status(std::string_view, const StateEntry&)>& visit) override;

  Status spool(size_t target, uint32_t sink, Epoch epoch, std::string_view framed_operations,
               uint64_t operation_count) override;
  bool writes_through() const override { return !settings_.exactly_once; }
  Status send(size_t target) override;
  bool is_spool_full(Epoch epoch) const override;

  bool may_begin() const override;
  Epoch current_epoch() const override { return Epoch(current_epoch_.load()); }
  SnapshotKind next_snapshot_kind() const override { return snapshot_kind_; }
  Status begin() override;
  Status complete(std::vector<TaskPart> parts, const SavedProgress& progress, bool closes) override;
  Status abandon() override;

  std::vector<DeadLetter> take_rejects() override;
  bool has_rejects() const override;
  std::vector<PublishHealth> health() const override;
  std::optional<Error> failure() const override;
  bool wait_published(int64_t deadline_us) override;
  void stop() override;

 private:
  // One target of the pipeline.
  struct Target {
    StartedTarget started;
    std::vector<SpoolSink> sinks;
    MarkerPoint last_point;  // of the last decided spool
    Epoch rejects_taken;     // up to this epoch, …
    Epoch taken_in;          // … spooled as dead letters of this one
    bool has_taken = false;  // there were some
    std::unique_ptr<std::mutex> write_through = std::make_unique<std::mutex>();
  };

  Status write_through(Target& target, uint32_t sink, std::string_view framed_operations);
  Status flush_targets();
  // C3 and C5. What complete() does, whose errors break the coordinator.
  Status decide(Manifest manifest, const std::vector<TaskPart>& parts);
  Manifest draft(const SavedProgress& progress, bool closes) const;
  std::vector<KeptSpool> spools_still_kept(const Manifest& next) const;
  Result<std::vector<KeptSpool>> close_spools(Epoch epoch);
  // Whether rejects have become dead letters with the decision of this epoch.
  bool note_folded(Epoch epoch);
  void adopt(Manifest manifest, const FileSeal& seal, std::vector<KeptSpool> closed,
             int64_t oldest_record_us);
  Status clean_up();
  Counter& checkpoints(const char* result);

  const CheckpointSettings settings_;
  const Environment environment_;
  Counters& counters_;
  MemoryPool& memory_;
  FolderContents contents_;  // the newest manifest and its spools as they stand now
  std::optional<RestoredCheckpoint> restored_;
  std::vector<std::string> restored_state_;  // paths, full first
  // What read_state calls the states that were saved under the former names of their steps.
  std::map<std::string, std::string, std::less<>> renamed_states_;
  std::vector<Target> targets_;
  EpochSpools spools_;

  std::atomic<uint64_t> current_epoch_;
  std::atomic<SnapshotKind> snapshot_kind_{SnapshotKind::full};
  std::optional<Epoch> in_flight_;
  bool must_be_full_ = true;
  uint32_t abandoned_in_row_ = 0;
  std::optional<Error> broken_;  // by a failed complete(): nothing may be decided any more
  std::string pipeline_;         // for metrics
};

}  // namespace sluice
