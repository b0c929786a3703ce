// One pipeline's life on its own threads, over an outside in memory. Time is a virtual clock's: the
// tests move it, and wait for what must come of that by looking at the pipeline.
#include "pipeline/pipeline.hpp"

#include <gmock/gmock.h>

#include "runtime/checkpoint_schedule.hpp"
#include "unit/pipeline/memory_pipeline.hpp"
#include "unit/pipeline/wait_until.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr int64_t second_us = 1'000'000;
constexpr int64_t minute_us = 60 * second_us;

constexpr const char* passing = R"yaml(
sources:
  event:
    memory: {connection: m, stream: event}
    format: json
    columns: {id: text, k: text}
steps: {all: {sql: "SELECT id, k FROM event"}}
sinks: {out: {from: all, memory: {connection: m, table: out}, mode: append}}
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml";

class PipelineTest : public testing::Test {
 protected:
  void wait_for_state(Pipeline& pipeline, PipelineState state) {
    wait_until(
        pipeline, [&] { return pipeline.status().state == state; }, pipeline_state_text(state));
  }
};

TEST_F(PipelineTest, Pipeline_ClosesWhenItsSourcesAreFinished) {
  MemoryPipeline memory(passing);
  memory.world.append("event", 0, event("a"));
  memory.world.append("event", 1, event("b"));
  memory.world.append("event", 1, "broken");
  memory.world.finish();
  const auto pipeline = memory.start();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_EQ(pipeline->end(), RunEnd::closed);
  EXPECT_EQ(pipeline->status().state, PipelineState::finished);
  EXPECT_THAT(memory.world.folded("out", 0), ElementsAre("a|x", "b|x"));
  EXPECT_THAT(memory.world.folded("dead", 0), ElementsAre(HasSubstr("E3001")));
}

// A source may ask its server in its first assignment only.
TEST_F(PipelineTest, Pipeline_AssignsToEverySlotBeforeAnythingFlows) {
  MemoryPipeline memory(passing, "parallelism: 2");
  memory.world.append("event", 0, event("a"));
  PipelineSettings settings;
  settings.run.discover_interval_us = 1'000;
  const auto pipeline = memory.start(settings);
  wait_for_read(*pipeline, 1);
  EXPECT_THAT(memory.world.assigned(), ElementsAre(1, 0));
  memory.world.append("event", 1, event("b"));
  wait_for_read(*pipeline, 2);
  EXPECT_THAT(memory.world.assigned(), ElementsAre(1, 0, 1));
  pipeline->request_stop();
  EXPECT_FALSE(pipeline->wait().has_value());
}

TEST_F(PipelineTest, Pipeline_StopsWithACheckpointAndTheNextGoesOnFromIt) {
  MemoryPipeline memory(passing);
  memory.world.append("event", 0, event("a"));
  {
    const auto pipeline = memory.start();
    wait_for_read(*pipeline, 1);
    pipeline->request_stop();
    EXPECT_FALSE(pipeline->wait().has_value());
    EXPECT_EQ(pipeline->status().state, PipelineState::stopped);
    EXPECT_THAT(memory.world.published("out"), ElementsAre("+I a|x"));
  }
  memory.world.append("event", 0, event("b"));
  memory.world.finish();
  const auto pipeline = memory.start();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory.world.published("out"), ElementsAre("+I a|x", "+I b|x"));
}

TEST_F(PipelineTest, Pipeline_UntilEndStopsWhenEveryPartitionWasReadOnce) {
  MemoryPipeline memory(passing);
  memory.world.append("event", 0, event("a"));
  memory.world.append("event", 1, event("b"));
  PipelineSettings settings;
  settings.run.until_end = true;
  const auto pipeline = memory.start(settings);
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_EQ(pipeline->end(), RunEnd::reached_end);
  EXPECT_THAT(memory.world.folded("out", 0), ElementsAre("a|x", "b|x"));
}

TEST_F(PipelineTest, Pipeline_TakesCheckpointsByTheClockAndOnlyWhenSomethingMoved) {
  MemoryPipeline memory(passing, "checkpoint: {interval: 10s}");
  memory.world.append("event", 0, event("a"));
  const auto pipeline = memory.start();
  wait_for_read(*pipeline, 1);
  EXPECT_THAT(memory.world.published("out"), testing::IsEmpty());
  const auto checkpoints = [&] { return pipeline->status().run.checkpoints_completed; };
  advance_until(
      *pipeline, memory.clock, second_us, [&] { return checkpoints() == 1; }, "a checkpoint");
  const Epoch first = pipeline->status().run.last_epoch;
  const int64_t due_us = memory.clock.now_us() + 30 * second_us;
  advance_until(
      *pipeline, memory.clock, 10 * second_us, [&] { return memory.clock.now_us() >= due_us; },
      "three intervals");
  EXPECT_EQ(pipeline->status().run.last_epoch, first);
  memory.world.append("event", 0, event("b"));
  wait_for_read(*pipeline, 2);
  advance_until(
      *pipeline, memory.clock, second_us, [&] { return checkpoints() == 2; }, "both checkpoints");
  EXPECT_GT(pipeline->status().run.last_epoch, first);
  wait_until(
      *pipeline, [&] { return memory.world.published("out").size() == 2; }, "both rows");
  pipeline->request_stop();
  EXPECT_FALSE(pipeline->wait().has_value());
}

TEST_F(PipelineTest, Pipeline_TakesItsFirstCheckpointAtATimeThatItsNameDecides) {
  for (const std::string name_space : {"first", "second"}) {
    MemoryPipeline memory(passing, "checkpoint: {interval: 10s}");
    memory.world.append("event", 0, event("a"));
    const int64_t start_us = memory.clock.monotonic_us();
    const CheckpointSchedule schedule(name_space + ".tested", 10 * second_us, start_us);
    PipelineSettings settings;
    settings.name_space = name_space;
    const auto pipeline = memory.start(settings);
    wait_for_read(*pipeline, 1);
    memory.clock.advance_us(schedule.due_us() - start_us);
    wait_until(
        *pipeline, [&] { return memory.world.published("out").size() == 1; }, "the checkpoint");
  }
}

TEST_F(PipelineTest, Pipeline_FindsPartitionsThatAppearWhileItRuns) {
  MemoryPipeline memory(passing);
  memory.world.append("event", 0, event("a"));
  PipelineSettings settings;
  settings.run.discover_interval_us = 1'000;
  const auto pipeline = memory.start(settings);
  wait_for_read(*pipeline, 1);
  memory.world.append("event", 1, event("b"));
  memory.world.append("event", 2, event("c"));
  wait_for_read(*pipeline, 3);
  pipeline->request_stop();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory.world.folded("out", 0), ElementsAre("a|x", "b|x", "c|x"));
}

TEST_F(PipelineTest, Pipeline_FailsAtOnceWhenTryingAgainCannotHelp) {
  MemoryPipeline memory(R"yaml(
sources:
  event: {memory: {connection: m, stream: event}, format: json, columns: {id: text, k: text}}
steps:
  all:
    sql: "SELECT id, k FROM event"
    check: [{name: known, expr: "k = 'x'", on_fail: fail}]
sinks: {out: {from: all, memory: {connection: m, table: out}, mode: append}}
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml");
  memory.world.append("event", 0, event("a", "y"));
  const auto pipeline = memory.start();
  const auto failure = pipeline->wait();
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->code, ErrorCode::check_failed);
  EXPECT_EQ(pipeline->status().state, PipelineState::failed);
  EXPECT_EQ(pipeline->status().restarts, 0u);
  EXPECT_THAT(memory.world.published("out"), testing::IsEmpty());
}

TEST_F(PipelineTest, Pipeline_WaitsLongerAfterEveryFailureAndGoesOnWhenItCan) {
  MemoryPipeline memory(passing);
  memory.world.append("event", 0, event("a"));
  memory.world.fail_polls(Error{ErrorCode::connection_failed, "away", Retry::later, {}});
  const auto pipeline = memory.start();
  int64_t delay_us = RestartPolicy::first_delay_us;
  for (uint64_t restarts = 0; restarts < 4; ++restarts) {
    wait_until(
        *pipeline, [&] { return memory.world.polls_failed() == restarts + 1; }, "the failure");
    wait_for_state(*pipeline, PipelineState::restarting);
    EXPECT_THAT(pipeline->status().cause, HasSubstr("away"));
    if (restarts == 3) memory.world.fail_polls(std::nullopt);
    memory.clock.advance_us(delay_us);
    wait_until(
        *pipeline, [&] { return pipeline->status().restarts == restarts + 1; }, "the restart");
    delay_us *= 2;
  }
  wait_for_read(*pipeline, 1);
  memory.world.finish();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory.world.published("out"), ElementsAre("+I a|x"));
}

TEST_F(PipelineTest, Pipeline_StopsWhileItWaitsForARestart) {
  MemoryPipeline memory(passing);
  memory.world.append("event", 0, event("a"));
  memory.world.fail_polls(Error{ErrorCode::connection_failed, "away", Retry::later, {}});
  const auto pipeline = memory.start();
  wait_for_state(*pipeline, PipelineState::restarting);
  pipeline->request_stop();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_EQ(pipeline->status().state, PipelineState::stopped);
}

TEST_F(PipelineTest, Pipeline_WatermarkGoesOnWithoutAPartitionThatIsIdle) {
  MemoryPipeline memory(R"yaml(
sources:
  event:
    memory: {connection: m, stream: event}
    format: json
    columns: {id: text, at: timestamptz}
    event_time: {column: at, out_of_order: 0s, idle_after: 1h}
steps:
  minutes:
    sql: |
      SELECT window_end, count(*) AS c
      FROM TUMBLE(event, at, INTERVAL '1 minute') GROUP BY window_end
sinks: {out: {from: minutes, memory: {connection: m, table: out}, mode: append}}
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml",
                        "checkpoint: {interval: 1s}");
  const auto at = [](const std::string& time) {
    return R"({"id":"i","at":"2024-01-01T)" + time + R"(Z"})";
  };
  memory.world.append("event", 0, at("00:00:10"));
  memory.world.append("event", 1, at("00:00:20"));
  memory.world.append("event", 1, at("00:05:00"));
  const auto pipeline = memory.start();
  wait_for_read(*pipeline, 3);
  EXPECT_THAT(memory.world.published("out"), testing::IsEmpty());
  // Both are read to their ends; only new records keep the second from being idle too, for far
  // longer than the test waits.
  memory.clock.advance_us(59 * minute_us);
  memory.world.append("event", 1, at("00:06:00"));
  wait_for_read(*pipeline, 4);
  memory.clock.advance_us(minute_us);
  advance_until(
      *pipeline, memory.clock, second_us / 10,
      [&] {
        return pipeline->status().run.watermark_us.value_or(0) >=
               1'704'067'200'000'000 + 360 * second_us;
      },
      "the watermark");
  // The partition that wakes is late, and does not take the watermark back.
  memory.world.append("event", 0, at("00:00:30"));
  wait_for_read(*pipeline, 5);
  pipeline->request_stop();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory.world.published("out"), ElementsAre("+I 00:01:00|2", "+I 00:06:00|1"));
  EXPECT_THAT(memory.world.folded("dead", 0), ElementsAre(HasSubstr("E3301")));
}

TEST_F(PipelineTest, Pipeline_AtLeastOnceWritesWhileRecordsFlow) {
  MemoryPipeline memory(passing, "delivery: at_least_once, checkpoint: {interval: 1h}");
  memory.world.append("event", 0, event("a"));
  const auto pipeline = memory.start();
  wait_for_read(*pipeline, 1);
  pipeline->request_stop();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory.world.published("out"), ElementsAre("+I a|x"));
  EXPECT_EQ(memory.world.target().write_through_unflushed(), 0u);
  EXPECT_FALSE(memory.world.target().marker().has_value()) << "a marker without exactly once";
}

// Rows and dead letters alike, of every sink, however far the next checkpoint is.
TEST_F(PipelineTest, Pipeline_AtLeastOnceDoesNotWaitForTheCheckpoint) {
  MemoryPipeline memory(R"yaml(
sources:
  event: {memory: {connection: m, stream: event}, format: json, columns: {id: text, k: text}}
sinks:
  out: {from: event, memory: {connection: m, table: out}, mode: append}
  newest: {from: event, memory: {connection: m, table: newest, key: [id]}, mode: upsert}
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml",
                        "delivery: at_least_once, checkpoint: {interval: 1h}");
  const auto shows = [&](size_t rows) {
    return memory.world.published("out").size() == rows &&
           memory.world.published("newest").size() == rows;
  };
  memory.world.append("event", 0, event("a"));
  const auto pipeline = memory.start();
  // A row that comes alone waits for nothing, not even for time to pass.
  wait_until(
      *pipeline, [&] { return shows(1); }, "the first row");
  memory.world.append("event", 0, "broken");
  memory.world.append("event", 0, event("a", "y"));
  advance_until(
      *pipeline, memory.clock, second_us,
      [&] { return shows(2) && memory.world.published("dead").size() == 1; },
      "another row of the key, and the dead letter");
  EXPECT_EQ(pipeline->status().run.checkpoints_completed, 0u);
  pipeline->request_stop();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory.world.published("newest"), ElementsAre("+I a|x", "+I a|y"));
}

TEST_F(PipelineTest, Pipeline_IsDegradedWhileItsTargetIsDownAndLosesNothing) {
  MemoryPipeline memory(passing, "checkpoint: {interval: 1s}");
  memory.world.append("event", 0, event("a"));
  const auto pipeline = memory.start();
  wait_for_read(*pipeline, 1);
  memory.world.target().set_down(true);
  advance_until(
      *pipeline, memory.clock, second_us / 4,
      [&] { return pipeline->status().state == PipelineState::degraded; }, "degraded");
  memory.world.append("event", 0, event("b"));
  wait_for_read(*pipeline, 2);
  memory.world.target().set_down(false);
  advance_until(
      *pipeline, memory.clock, second_us / 4,
      [&] { return memory.world.published("out").size() == 2; }, "both rows");
  memory.world.finish();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory.world.published("out"), ElementsAre("+I a|x", "+I b|x"));
}

TEST_F(PipelineTest, Pipeline_PastItsBudgetStopsWithACode) {
  MemoryPipeline memory(R"yaml(
sources:
  event: {memory: {connection: m, stream: event}, format: json, columns: {id: text, k: text}}
steps: {counts: {sql: "SELECT id, count(*) AS c FROM event GROUP BY id"}}
sinks: {out: {from: counts, memory: {connection: m, table: out, key: [id]}, mode: upsert}}
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml",
                        "state: {budget: 16MiB}");
  const std::string padding(1000, 'x');
  for (int i = 0; i < 20'000; ++i)
    memory.world.append("event", 0, event(std::to_string(i) + padding));
  PipelineSettings settings;
  settings.fail_on_first_error = true;
  const auto pipeline = memory.start(settings);
  const auto failure = pipeline->wait();
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->code, ErrorCode::budget_exceeded) << failure->to_string();
}

}  // namespace
}  // namespace sluice::test
