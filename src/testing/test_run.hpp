// TestRun: a prepared pipeline on one thread and a virtual clock, from one barrier to the next, on
// files in memory; restart() throws every task away and goes on from the last checkpoint, as after
// a crash. Owned by one test.
//
// Order: start, then run_until_quiet, advance_watermark, checkpoint and restart in any order. Any
// Error is the pipeline's own failure and ends the run.
#pragma once

#include <memory>

#include "env/clock.hpp"
#include "pipeline/prepare.hpp"
#include "pipeline/stepped_tasks.hpp"
#include "runtime/dead_letter_writer.hpp"
#include "testing/memory_filesystem.hpp"

namespace sluice {

class TestRun final {
 public:
  TestRun(const PreparedPipeline& prepared, int64_t now_us);

  Status start();
  Status restart();
  // Until no task can go on: the sources have delivered what they may.
  Status run_until_quiet();
  // Every source's event time is now at least this.
  void advance_watermark(int64_t watermark_us) { tasks_.advance_watermark(watermark_us); }
  // A barrier, the decision, and its publishing.
  Status checkpoint();

 private:
  VirtualClock clock_;
  MemoryFilesystem filesystem_;
  Failpoints failpoints_;
  std::unique_ptr<Log> log_;
  DeadLetterLimit dead_letters_;
  SteppedTasks tasks_;
};

}  // namespace sluice
