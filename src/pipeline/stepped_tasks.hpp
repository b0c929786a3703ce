// SteppedTasks: the tasks of a prepared pipeline on the caller's thread, from one barrier to the
// next. They go through the real checkpoint protocol; which task goes on, and when time passes, is
// the owner's affair. One thread.
//
// Order: start, then step, checkpoint and stop_sources in any order; drop throws every task away as
// a crash does, and start goes on from the last checkpoint. Any Error is the pipeline's own failure
// and ends the run: only drop may follow.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "env/counters.hpp"
#include "pipeline/prepare.hpp"
#include "runtime/task_set.hpp"

namespace sluice {

class SteppedTasks final : private TaskListener, private Waker {
 public:
  struct Settings {
    std::string pipeline_id;
    uint32_t full_snapshot_every = 16;
  };
  // Both are borrowed; so is what the environment names.
  SteppedTasks(const PreparedPipeline& prepared, const Environment& environment, Settings settings,
               DeadLetterLimit& dead_letters);
  ~SteppedTasks() override;

  // Every source stands where it is to be read, and no task has gone a step.
  Status start(uint32_t parallelism);
  void drop();

  size_t size() const { return tasks_->size(); }
  Result<Task::Step> step(size_t task) { return tasks_->task(task).step(); }
  // Steps one task after the other, until none can go on.
  Status run_until_quiet();
  bool is_at_end() const { return tasks_->tracker().all_finished(); }
  // A barrier, the decision, and its publishing. `pass` steps the tasks until has_passed.
  Status checkpoint(bool closes, const std::function<Status()>& pass);
  // All tasks have handed over what they had at the barrier.
  bool has_passed() const { return snapshots_.size() == tasks_->size(); }
  // Every source's event time is now at least this.
  void advance_watermark(int64_t watermark_us);
  // Nothing more is read, and every window closes.
  void stop_sources();
  TaskSet& tasks() { return *tasks_; }

 private:
  void on_snapshot(size_t task, TaskSnapshot snapshot) override;
  void wake() override {}
  Status assign_splits(uint32_t parallelism);

  const PreparedPipeline& prepared_;
  const Environment environment_;
  const Settings settings_;
  DeadLetterLimit& dead_letters_;
  Counters counters_;
  MemoryPool memory_;
  std::unique_ptr<CheckpointCoordinator> coordinator_;
  std::unique_ptr<TaskSet> tasks_;
  std::vector<TaskSnapshot> snapshots_;
};

}  // namespace sluice
