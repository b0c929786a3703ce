// Two state folders of one pipeline and target, both run: which of them has the target as long as
// neither has written anything. The one that somebody started last and that can run.
#include <gmock/gmock.h>

#include "pipeline/pipeline.hpp"
#include "unit/pipeline/memory_pipeline.hpp"
#include "unit/pipeline/wait_until.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t second_us = 1'000'000;

class TwoFolders : public testing::Test {
 protected:
  // Each namespace has a folder of its own.
  std::unique_ptr<Pipeline> start(const std::string& name_space) {
    PipelineSettings settings;
    settings.name_space = name_space;
    settings.run.discover_interval_us = 3600 * second_us;
    auto pipeline = memory_.start(settings);
    return pipeline;
  }
  // Its source is not found, and is searched for again when time goes on.
  std::unique_ptr<Pipeline> start_without_its_source(const std::string& name_space) {
    memory_.world.throw_at_next(MemoryWorld::Call::discover);
    auto pipeline = start(name_space);
    wait_until(
        *pipeline, [&] { return pipeline->status().state == PipelineState::restarting; },
        "the first start to fail");
    return pipeline;
  }
  void append_row() { memory_.world.append("event", 0, event("a")); }
  void expect_refused(Pipeline& pipeline) {
    advance_until(
        pipeline, memory_.clock, second_us / 4,
        [&] { return pipeline.status().state == PipelineState::failed; }, "the refusal");
    const auto failure = pipeline.wait();
    ASSERT_TRUE(failure.has_value());
    EXPECT_EQ(failure->code, ErrorCode::target_refused) << failure->to_string();
  }
  void expect_writes(Pipeline& pipeline) {
    EXPECT_THAT(memory_.world.published("out"), IsEmpty());
    memory_.world.finish();
    const auto failure = pipeline.wait();
    EXPECT_FALSE(failure.has_value()) << failure->to_string();
    EXPECT_THAT(memory_.world.published("out"), ElementsAre("+I a|NULL"));
  }

  MemoryPipeline memory_{looking_up, "checkpoint: {interval: 1h}"};
};

TEST_F(TwoFolders, ARestartDoesNotTakeTheTargetFromAFolderThatWasStartedSince) {
  append_row();
  const auto former = start_without_its_source("former");
  const auto latter = start("latter");
  wait_for_read(*latter, 1);
  expect_refused(*former);
  expect_writes(*latter);
}

TEST_F(TwoFolders, AStartThatCannotBeginDoesNotTakeTheTarget) {
  append_row();
  const auto former = start("former");
  wait_for_read(*former, 1);
  const auto latter = start_without_its_source("latter");
  expect_writes(*former);
  expect_refused(*latter);
}

TEST_F(TwoFolders, AStartThatWaitedForItsSourceTakesWhatWasThereBefore) {
  {
    const auto former = start("former");
    wait_until(
        *former, [&] { return former->status().state == PipelineState::running; }, "the start");
  }
  append_row();
  const auto latter = start_without_its_source("latter");
  advance_until(
      *latter, memory_.clock, second_us / 4, [&] { return latter->status().run.records_read == 1; },
      "the restart");
  expect_writes(*latter);
}

}  // namespace
}  // namespace sluice::test
