// SteppedRun: the tasks of a pipeline on one seeded thread: which task goes on next is drawn, so
// that a seed is an interleaving. It goes through the real checkpoint protocol; crash() throws all
// away, start() goes on from the last checkpoint, with any parallelism. Owned by a test.
//
// An Error of the pipeline fails the test.
#pragma once

#include <random>

#include "pipeline/stepped_tasks.hpp"
#include "runtime/dead_letter_writer.hpp"
#include "unit/pipeline/memory_pipeline.hpp"

namespace sluice::test {

class SteppedRun final {
 public:
  SteppedRun(MemoryPipeline& pipeline, uint64_t seed);

  void start(uint32_t parallelism);
  void crash() { tasks_.drop(); }
  // So many steps of tasks that are drawn; ends early when all sources are finished.
  void step(size_t steps);
  // Until no task can go on.
  void run_until_quiet();
  bool is_at_end() const { return tasks_.is_at_end(); }
  // A barrier, drawn interleaving until all tasks have passed it, the decision, the publishing.
  void checkpoint(bool closes = false);
  // Every window closes, and the last checkpoint.
  void close();
  TaskSet& tasks() { return tasks_.tasks(); }

 private:
  Status step_drawn();

  std::mt19937_64 random_;
  DeadLetterLimit dead_letters_;
  SteppedTasks tasks_;
};

}  // namespace sluice::test
