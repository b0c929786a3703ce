#include "unit/pipeline/stepped_run.hpp"

#include <gtest/gtest.h>

namespace sluice::test {

namespace {

void expect_ok(const Status& status) {
  ASSERT_TRUE(status.has_value()) << status.error().to_string();
}

}  // namespace

SteppedRun::SteppedRun(MemoryPipeline& pipeline, uint64_t seed)
    : random_(seed),
      dead_letters_(UINT64_MAX, 0, pipeline.clock),
      tasks_(*pipeline.prepared(), pipeline.environment(), {"test.tested", 3}, dead_letters_) {}

void SteppedRun::start(uint32_t parallelism) { expect_ok(tasks_.start(parallelism)); }

Status SteppedRun::step_drawn() {
  SLUICE_TRY(tasks_.step(random_() % tasks_.size()));
  return {};
}

void SteppedRun::step(size_t steps) {
  for (size_t i = 0; i < steps && !is_at_end(); ++i) expect_ok(step_drawn());
}

void SteppedRun::run_until_quiet() { expect_ok(tasks_.run_until_quiet()); }

void SteppedRun::checkpoint(bool closes) {
  // A bound, so that a barrier that is lost fails the test instead of hanging it.
  constexpr size_t most_steps = 1'000'000;
  expect_ok(tasks_.checkpoint(closes, [this]() -> Status {
    for (size_t i = 0; i < most_steps && !tasks_.has_passed(); ++i) SLUICE_TRY(step_drawn());
    return {};
  }));
}

void SteppedRun::close() {
  tasks_.stop_sources();
  checkpoint(true);
}

}  // namespace sluice::test
