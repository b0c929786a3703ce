// errors.stop_after: the letters that are too many are there for whoever looks for the cause, and
// the next run goes on behind them.
#include <gmock/gmock.h>

#include "pipeline/pipeline.hpp"
#include "unit/pipeline/memory_pipeline.hpp"
#include "unit/pipeline/wait_until.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t second_us = 1'000'000;

constexpr const char* body = R"yaml(
sources:
  event:
    memory: {connection: m, stream: event}
    format: json
    columns: {id: text, k: text}
steps: {all: {sql: "SELECT id, k FROM event"}}
sinks: {out: {from: all, memory: {connection: m, table: out}, mode: append}}
errors:
  dead_letter: {memory: {connection: m, table: dead}}
  stop_after: {count: 3, within: 1m}
)yaml";

class StopAfter : public testing::Test {
 protected:
  void append_good(const std::string& id) {
    memory_.world.append("event", 0, R"({"id":")" + id + R"(","k":"x"})");
  }
  void append_bad(int count) {
    for (int i = 0; i < count; ++i) memory_.world.append("event", 0, "broken");
  }
  std::vector<std::string> dead() const { return memory_.world.published("dead"); }

  std::optional<Error> run() {
    const auto pipeline = memory_.start();
    const auto failure = pipeline->wait();
    EXPECT_EQ(pipeline->status().restarts, 0u);
    return failure;
  }
  // A run whose target goes down before the letters that are too many come.
  std::unique_ptr<Pipeline> run_without_target() {
    append_good("first");
    PipelineSettings settings;
    settings.run.stop_timeout_us = second_us;
    auto pipeline = memory_.start(settings);
    wait_until(
        *pipeline, [&] { return memory_.world.records_read("event", 0) == 1; }, "the start");
    memory_.world.target().set_down(true);
    append_bad(4);
    wait_until(
        *pipeline, [&] { return memory_.world.records_read("event", 0) == 5; }, "the letters");
    return pipeline;
  }
  void wait_for_the_end(Pipeline& pipeline) {
    advance_until(
        pipeline, memory_.clock, second_us / 4,
        [&] { return pipeline.status().state == PipelineState::failed; }, "the end");
  }
  void expect_too_many(const std::optional<Error>& failure) {
    ASSERT_TRUE(failure.has_value());
    EXPECT_EQ(failure->code, ErrorCode::too_many_dead_letters) << failure->to_string();
    EXPECT_EQ(failure->retry, Retry::never);
  }
  void expect_good_end() {
    memory_.world.finish();
    const auto failure = run();
    EXPECT_FALSE(failure.has_value()) << failure->to_string();
  }

  MemoryPipeline memory_{body, "checkpoint: {interval: 1h}"};
};

TEST_F(StopAfter, PublishesTheLettersAndFailsAndTheNextRunGoesOnBehindThem) {
  append_good("a");
  append_bad(4);
  const auto failure = run();
  expect_too_many(failure);
  EXPECT_THAT(failure->message, HasSubstr("more than 3 dead letters within 60 s"));
  EXPECT_THAT(failure->message, HasSubstr("E3001"));
  EXPECT_THAT(dead(), SizeIs(4));
  EXPECT_THAT(memory_.world.published("out"), ElementsAre("+I a|x"));
  append_good("b");
  append_bad(3);
  expect_good_end();
  EXPECT_THAT(dead(), SizeIs(7));
  EXPECT_THAT(memory_.world.published("out"), ElementsAre("+I a|x", "+I b|x"));
}

TEST_F(StopAfter, CountsWhatCameWithinTheLastMinuteOnly) {
  append_bad(3);
  const auto pipeline = memory_.start();
  wait_for_read(*pipeline, 3);
  memory_.clock.advance_us(61 * second_us);
  append_bad(2);
  wait_for_read(*pipeline, 5);
  memory_.clock.advance_us(30 * second_us);
  append_bad(1);
  wait_for_read(*pipeline, 6);
  EXPECT_EQ(pipeline->status().state, PipelineState::running);
  // The fourth of a minute.
  append_bad(1);
  expect_too_many(pipeline->wait());
  EXPECT_THAT(dead(), SizeIs(7));
}

TEST_F(StopAfter, IsToldAtTheEndOfTheInputTooAndDoesNotClose) {
  append_bad(4);
  memory_.world.finish();
  expect_too_many(run());
  EXPECT_THAT(dead(), SizeIs(4));
  expect_good_end();
}

TEST_F(StopAfter, ReadsNoFurther) {
  const auto pipeline = run_without_target();
  append_good("a");
  wait_for_the_end(*pipeline);
  EXPECT_EQ(memory_.world.records_read("event", 0), 5u);
}

TEST_F(StopAfter, OverATargetThatIsDownLeavesTheLettersToTheNextStart) {
  const auto pipeline = run_without_target();
  // Before time goes on: a checkpoint that is not decided within the stop's time leaves the letters
  // to be read again.
  wait_until(
      *pipeline, [&] { return pipeline->status().run.checkpoints_completed == 1; },
      "the checkpoint");
  wait_for_the_end(*pipeline);
  expect_too_many(pipeline->wait());
  EXPECT_THAT(dead(), IsEmpty());
  EXPECT_TRUE(memory_.log.has("the next start publishes it"));
  memory_.world.target().set_down(false);
  expect_good_end();
  EXPECT_THAT(dead(), SizeIs(4));
}

// The run is not started again for the other error: it would meet the same letters.
TEST_F(StopAfter, WhoseLastCheckpointFailsIsToldAndTheNextRunMeetsTheLettersAgain) {
  append_bad(4);
  memory_.failpoints.arm(Failpoint::checkpoint_before_rename, Failpoints::Action::error);
  const auto failure = run();
  expect_too_many(failure);
  EXPECT_THAT(failure->message, HasSubstr("not published yet: E4501"));
  EXPECT_THAT(dead(), IsEmpty());
  expect_too_many(run());
  EXPECT_THAT(dead(), SizeIs(4));
  expect_good_end();
  EXPECT_THAT(dead(), SizeIs(4));
}

}  // namespace
}  // namespace sluice::test
