// An exception in any thread of a pipeline is a failure of this pipeline, which begins again from
// its last checkpoint, and of nothing else in the process.
#include <gmock/gmock.h>

#include "pipeline/pipeline.hpp"
#include "unit/pipeline/memory_pipeline.hpp"
#include "unit/pipeline/wait_until.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;

constexpr int64_t second_us = 1'000'000;

class Exceptions : public testing::Test {
 protected:
  Exceptions() {
    memory_.world.append("event", 0, event("a", "k1"));
    neighbour_.world.append("event", 0, event("n"));
  }

  static PipelineSettings looking_often() {
    PipelineSettings settings;
    settings.run.discover_interval_us = 1'000;
    return settings;
  }

  void start() {
    pipeline_->start();
    beside_->start();
  }

  void expect_another_run_without_harm() {
    advance_until(
        *pipeline_, memory_.clock, second_us, [&] { return pipeline_->status().restarts == 1; },
        "the next run");
    EXPECT_TRUE(memory_.log.has(" code=E5010 "));
    memory_.world.append("event", 0, event("c", "k3"));
    memory_.world.finish();
    EXPECT_FALSE(pipeline_->wait().has_value());
    EXPECT_THAT(memory_.world.published("out"), ElementsAre("+I a|NULL", "+I b|NULL", "+I c|NULL"));
    neighbour_.world.finish();
    EXPECT_FALSE(beside_->wait().has_value());
    EXPECT_EQ(beside_->status().restarts, 0u);
    EXPECT_THAT(neighbour_.world.published("out"), ElementsAre("+I n|NULL"));
  }

  void expect_call_to_be_survived(MemoryWorld::Call call) {
    start();
    wait_for_read(*pipeline_, 1);
    memory_.world.throw_at_next(call);
    memory_.world.append("event", 0, event("b", "k2"));
    expect_another_run_without_harm();
  }

  MemoryPipeline memory_{looking_up};
  MemoryPipeline neighbour_{looking_up};
  std::unique_ptr<Pipeline> pipeline_ = memory_.make(looking_often());
  std::unique_ptr<Pipeline> beside_ = neighbour_.make();
};

TEST_F(Exceptions, OfASourceEndTheRun) { expect_call_to_be_survived(MemoryWorld::Call::poll); }

TEST_F(Exceptions, OfAnOperatorEndTheRun) { expect_call_to_be_survived(MemoryWorld::Call::lookup); }

TEST_F(Exceptions, OfTheSearchForPartitionsEndTheRun) {
  expect_call_to_be_survived(MemoryWorld::Call::discover);
}

TEST_F(Exceptions, OfTheStartEndTheRun) {
  memory_.world.append("event", 0, event("b", "k2"));
  memory_.world.throw_at_next(MemoryWorld::Call::discover);
  start();
  expect_another_run_without_harm();
}

TEST_F(Exceptions, OfAPublisherEndTheRun) {
  memory_.world.append("event", 0, event("b", "k2"));
  memory_.world.target().plan({TargetFault::throws});
  start();
  expect_another_run_without_harm();
}

}  // namespace
}  // namespace sluice::test
