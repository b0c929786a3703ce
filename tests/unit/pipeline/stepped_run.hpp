// SteppedRun: the tasks of a pipeline on one seeded thread: which task goes on next is drawn, so
// that a seed is an interleaving. It goes through the real checkpoint protocol; crash() throws all
// away, start() goes on from the last checkpoint, with any parallelism. Owned by a test.
//
// An Error of the pipeline fails the test.
#pragma once

#include <memory>
#include <random>
#include <vector>

#include "runtime/task_set.hpp"
#include "unit/pipeline/memory_pipeline.hpp"

namespace sluice::test {

class SteppedRun final : private TaskListener, private Waker {
 public:
  SteppedRun(MemoryPipeline& pipeline, uint64_t seed);
  ~SteppedRun() override;

  void start(uint32_t parallelism);
  void crash();
  // So many steps of tasks that are drawn; ends early when all sources are finished.
  void step(size_t steps);
  // Until no task can go on.
  void run_until_quiet();
  bool is_at_end() const { return tasks_->tracker().all_finished(); }
  // A barrier, drawn interleaving until all tasks have passed it, the decision, the publishing.
  void checkpoint(bool closes = false);
  // Every window closes, and the last checkpoint.
  void close();
  TaskSet& tasks() { return *tasks_; }

 private:
  void on_snapshot(size_t task, TaskSnapshot snapshot) override;
  void wake() override {}
  Task::Step step_task(size_t task);
  void open_coordinator();
  void assign_splits(uint32_t parallelism);

  MemoryPipeline& pipeline_;
  const PreparedPipeline& prepared_;
  std::mt19937_64 random_;
  Counters counters_;
  MemoryPool memory_;
  DeadLetterLimit dead_letters_;
  std::unique_ptr<CheckpointCoordinator> coordinator_;
  std::unique_ptr<TaskSet> tasks_;
  std::vector<TaskSnapshot> snapshots_;
};

}  // namespace sluice::test
