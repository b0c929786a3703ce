// TestRun: a prepared pipeline on one thread and a virtual clock, from one barrier to the next. It
// goes through the real checkpoint protocol, on files in memory; restart() throws every task away
// and goes on from the last checkpoint, as after a crash. Owned by one test.
//
// Order: start, then run_until_quiet, advance_watermark, checkpoint and restart in any order. Any
// Error is the pipeline's own failure and ends the run.
#pragma once

#include <memory>
#include <vector>

#include "env/clock.hpp"
#include "pipeline/prepare.hpp"
#include "runtime/task_set.hpp"
#include "testing/memory_filesystem.hpp"

namespace sluice {

class TestRun final : private TaskListener, private Waker {
 public:
  TestRun(const PreparedPipeline& prepared, int64_t now_us);
  ~TestRun() override;

  // Both also let the tasks take over their splits; the sources deliver nothing yet.
  Status start();
  Status restart();
  // Until no task can go on: the sources have delivered what they may.
  Status run_until_quiet();
  // Every source's event time is now at least this.
  void advance_watermark(int64_t watermark_us);
  // A barrier, the decision, and its publishing.
  Status checkpoint();

 private:
  void on_snapshot(size_t task, TaskSnapshot snapshot) override;
  void wake() override {}
  CheckpointSettings checkpoint_settings() const;
  Status assign_splits();

  const PreparedPipeline& prepared_;
  VirtualClock clock_;
  MemoryFilesystem filesystem_;
  Failpoints failpoints_;
  std::unique_ptr<Log> log_;
  Environment environment_;
  Counters counters_;
  MemoryPool memory_;
  DeadLetterLimit dead_letters_;
  std::unique_ptr<CheckpointCoordinator> coordinator_;
  std::unique_ptr<TaskSet> tasks_;
  std::vector<TaskSnapshot> snapshots_;
};

}  // namespace sluice
