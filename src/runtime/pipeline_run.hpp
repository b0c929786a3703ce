// PipelineRun: one run of a pipeline from a checkpoint (or afresh) to a stop, an end or a failure:
// restores the tasks, drives them by one worker per slot, starts checkpoints, and finishes with
// one. Order: create, run, close. The caller's thread is the coordinating thread: run() blocks it,
// and close() too while a thread does not come back from a call; request_stop, status and at_work
// may be called from any other.
//
// A failed run is thrown away; a new one starts from the last checkpoint (restart policy: room
// pipeline).
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_coordinator.hpp"
#include "dataflow/stream_graph.hpp"
#include "env/histogram.hpp"
#include "runtime/checkpoint_need.hpp"
#include "runtime/checkpoint_schedule.hpp"
#include "runtime/split_assigner.hpp"
#include "runtime/split_guard.hpp"
#include "runtime/task_set.hpp"
#include "runtime/worker.hpp"

namespace sluice {

struct RunSettings {
  uint32_t parallelism = 1;
  int64_t checkpoint_interval_us = 1'000'000;
  int64_t checkpoint_timeout_us = 120'000'000;
  int64_t stop_timeout_us = 30'000'000;
  int64_t discover_interval_us = 5'000'000;
  bool until_end = false;  // stop when every split has been read to its end once
  bool close = false;      // then also close every window
  ReadLimits limits = {};
};

// Where the time of a slot's thread went since the run began.
struct SlotTime {
  int64_t busy_us = 0;
  int64_t backpressured_us = 0;
  int64_t idle_us = 0;
};

struct RunStatus {
  uint64_t records_read = 0;
  int64_t lag_records = 0;
  std::optional<int64_t> watermark_us;       // the lowest of the pipeline's scans
  Epoch last_epoch;                          // decided last in this run
  int64_t last_checkpoint_monotonic_us = 0;  // 0: none in this run
  uint64_t checkpoints_completed = 0;
  uint64_t checkpoints_abandoned = 0;
  bool is_barrier_held_up = false;      // of an abandoned one: a task has not let it pass
  std::optional<Error> source_trouble;  // a source's server does not answer
  std::vector<SlotTime> slots;
  std::vector<ChannelFill> channels;
};

enum class RunEnd : uint8_t { stopped, reached_end, closed };

class PipelineRun final : private TaskListener {
 public:
  // Restores everything; nothing flows yet. All borrowed, outliving the run.
  static Result<std::unique_ptr<PipelineRun>> create(const StreamGraph& graph,
                                                     const RunSettings& settings,
                                                     TaskEnvironment environment);
  ~PipelineRun() override;

  // Until request_stop, the end, or a failure. Too many dead letters are a failure that stops: the
  // final checkpoint publishes them. A stop takes a final checkpoint and waits for its
  // publishing; when that does not succeed within stop_timeout, the run ends all the same and the
  // next start recovers.
  Result<RunEnd> run();
  // Ends the run's threads, however long that takes, and then its tasks.
  Status close();
  void request_stop();
  RunStatus status() const;
  // What the threads that have not ended are at: "step all in slot 0".
  std::string at_work() const;
  const std::vector<std::unique_ptr<Worker>>& workers() const { return workers_; }

 private:
  PipelineRun(const StreamGraph& graph, const RunSettings& settings, TaskEnvironment environment);
  Status restore();
  Status start_sources();
  void expect_partitions(const std::vector<SlotSplits>& placed);
  void on_snapshot(size_t task, TaskSnapshot snapshot) override;
  void notify();

  Result<RunEnd> coordinate(CheckpointSchedule schedule);
  std::optional<Error> failure() const;
  uint64_t movements() const;
  bool at_end() const;
  // One whole checkpoint, the last of the run when it has an end. False when it was abandoned.
  Result<bool> checkpoint(std::optional<RunEnd> end);
  void inject(const CheckpointBarrier& barrier);
  // Waits for all tasks' parts; false at the deadline, that of a stop, or a failure.
  bool collect(Epoch epoch, int64_t deadline_us);
  // Waits for the tasks that have not passed the barrier yet. Error checkpoint_timeout after too
  // many time limits.
  Status abandon(Epoch epoch);
  void note_abandoned();
  Status decide(bool closes);
  Status assign_new_splits();
  Result<RunEnd> finish(RunEnd end);
  // A stop does not wait longer for what it has left undone. A pipeline is not closed before it is
  // done: that is an error, so that the next start comes by itself.
  Result<RunEnd> leave_to_the_next_start(RunEnd end, const char* why);
  // finish(), then the error of dead letters that were too many.
  Result<RunEnd> finish_within_limit(RunEnd end);
  void stop_workers();
  // Names what close() waits for, unless it ends soon.
  void warn_of_held_threads();

  // How often the coordinating thread looks around when nothing wakes it.
  static constexpr auto look_interval = std::chrono::milliseconds(20);

  const StreamGraph& graph_;
  const RunSettings settings_;
  TaskEnvironment environment_;
  CheckpointCoordinator& coordinator_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<TaskSet> tasks_;
  std::unique_ptr<SplitAssigner> splits_;
  SplitGuard guard_;

  mutable std::mutex mutex_;
  std::condition_variable condition_;
  bool stop_requested_ = false;
  int64_t stop_deadline_us_ = INT64_MAX;  // once a stop is requested
  std::vector<std::optional<TaskSnapshot>> snapshots_;
  size_t snapshot_count_ = 0;
  RunStatus status_;
  CheckpointNeed need_;
  Histogram checkpoint_duration_;
};

}  // namespace sluice
