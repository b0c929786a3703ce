// A task that is held up by a lookup: checkpoints that are abandoned lose nothing, and a stop ends
// in its time.
#include <gmock/gmock.h>

#include <chrono>
#include <functional>
#include <thread>

#include "pipeline/pipeline.hpp"
#include "unit/pipeline/memory_pipeline.hpp"
#include "unit/pipeline/wait_until.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;

constexpr int64_t second_us = 1'000'000;

constexpr const char* looking_up_counts = R"yaml(
sources:
  event:
    memory: {connection: m, stream: event}
    format: json
    columns: {id: text, k: text}
lookups: {dim: {memory: {connection: m, table: dim, key: [k]}, columns: {v: text}}}
steps:
  counts: {sql: "SELECT k, count(*) AS c FROM event GROUP BY k"}
  all: {sql: "SELECT c.k, c.c, d.v FROM counts c LEFT JOIN lookup('dim', c.k) d ON true"}
sinks: {out: {from: all, memory: {connection: m, table: out, key: [k]}, mode: upsert}}
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml";

TEST(HeldUp, GivesUpACheckpointThatTakesTooLongAndLosesNothing) {
  MemoryPipeline memory(looking_up, "checkpoint: {interval: 1s, timeout: 5s}");
  memory.world.put_lookup("x", "X");
  memory.world.append("event", 0, event("a"));
  const auto pipeline = memory.start();
  wait_for_read(*pipeline, 1);
  memory.world.hold_lookups();
  memory.world.append("event", 0, event("b", "y"));
  memory.world.wait_for_held_lookup();
  advance_until(
      *pipeline, memory.clock, second_us / 4,
      [&] { return pipeline->status().run.checkpoints_abandoned == 1; },
      "the checkpoint to be abandoned");
  EXPECT_TRUE(memory.log.has("a checkpoint is abandoned "));
  EXPECT_TRUE(memory.log.has(" code=E5006 "));
  EXPECT_THAT(memory.world.published("out"), testing::IsEmpty());
  memory.world.release_lookups();
  wait_for_read(*pipeline, 2);
  memory.world.finish();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory.world.published("out"), ElementsAre("+I a|X", "+I b|NULL"));
}

// The rows of an abandoned checkpoint are in no source's future: nothing else would bring them.
TEST(HeldUp, DecidesWhatAnAbandonedCheckpointLeftThoughNothingMovesAnyMore) {
  MemoryPipeline memory(looking_up_counts, "checkpoint: {interval: 1s, timeout: 5s}");
  memory.world.put_lookup("x", "X");
  memory.world.hold_lookups();
  memory.world.append("event", 0, event("a"));
  const auto pipeline = memory.start();
  wait_for_read(*pipeline, 1);
  // The count is looked up when the barrier comes.
  advance_until(
      *pipeline, memory.clock, second_us / 4,
      [&] { return pipeline->status().run.checkpoints_abandoned == 1; },
      "the checkpoint to be abandoned");
  memory.world.release_lookups();
  advance_until(
      *pipeline, memory.clock, second_us / 4,
      [&] { return !memory.world.published("out").empty(); }, "the row");
  EXPECT_THAT(memory.world.published("out"), ElementsAre("+I x|1|X"));
  pipeline->request_stop();
  EXPECT_FALSE(pipeline->wait().has_value());
}

// Waiting for the task counts: each time limit is one more checkpoint that was abandoned.
TEST(HeldUp, BeginsAgainFromTheLastCheckpointWhenATaskIsStuck) {
  MemoryPipeline memory(looking_up, "checkpoint: {interval: 1s, timeout: 5s}");
  memory.world.append("event", 0, event("a"));
  const auto pipeline = memory.start();
  wait_for_read(*pipeline, 1);
  memory.world.hold_lookups();
  memory.world.append("event", 0, event("b", "y"));
  memory.world.wait_for_held_lookup();
  advance_until(
      *pipeline, memory.clock, second_us,
      [&] { return pipeline->status().run.checkpoints_abandoned == 8; },
      "eight checkpoints to be abandoned");
  EXPECT_EQ(pipeline->status().state, PipelineState::degraded);
  EXPECT_THAT(pipeline->status().cause, testing::HasSubstr("a step does not come to an end"));
  memory.world.release_lookups();
  advance_until(
      *pipeline, memory.clock, second_us, [&] { return pipeline->status().restarts == 1; },
      "the next run");
  EXPECT_TRUE(memory.log.has("8 checkpoints in a row did not finish in time"));
  memory.world.finish();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory.world.published("out"), ElementsAre("+I a|NULL", "+I b|NULL"));
}

// As wait_until, of a pipeline that has failed and may go on.
void yield_until(const std::function<bool()>& is_so, const char* what) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!is_so()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "waited for: " << what;
    std::this_thread::yield();
  }
}

// A thread cannot be ended from outside, but nobody waits for it for ever.
TEST(HeldUp, HasFailedAsLongAsATaskThatIsStuckDoesNotComeBack) {
  MemoryPipeline memory(looking_up, "checkpoint: {interval: 1s, timeout: 5s}");
  memory.world.append("event", 0, event("a"));
  memory.world.hold_lookups();
  const auto pipeline = memory.start();
  memory.world.wait_for_held_lookup();
  advance_until(
      *pipeline, memory.clock, second_us,
      [&] { return pipeline->status().state == PipelineState::failed; }, "FAILED");
  EXPECT_TRUE(pipeline->is_held());
  EXPECT_TRUE(pipeline->status().is_held);
  const auto failure = pipeline->wait();
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->code, ErrorCode::checkpoint_timeout);
  EXPECT_THAT(failure->message, testing::HasSubstr("step all in slot 0"));
  EXPECT_TRUE(memory.log.has("8 checkpoints in a row did not finish in time"));
  yield_until([&] { return memory.log.has(" at=step all in slot 0"); }, "the warning");
  EXPECT_EQ(pipeline->status().restarts, 0u) << "nothing is started beside such a thread";
  memory.world.release_lookups();
  yield_until([&] { return !pipeline->is_held(); }, "the thread to come back");
  advance_until(
      *pipeline, memory.clock, second_us, [&] { return pipeline->status().restarts == 1; },
      "the next run");
  memory.world.finish();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory.world.published("out"), ElementsAre("+I a|NULL"));
}

// No checkpoint has been, and nothing was read to its end: what was read counts all the same.
TEST(HeldUp, NoticesATaskThatIsStuckInItsFirstRecords) {
  MemoryPipeline memory(looking_up, "checkpoint: {interval: 1s, timeout: 5s}");
  memory.world.append("event", 0, event("a"));
  memory.world.hold_lookups();
  const auto pipeline = memory.start();
  memory.world.wait_for_held_lookup();
  advance_until(
      *pipeline, memory.clock, second_us,
      [&] { return pipeline->status().state == PipelineState::degraded; }, "DEGRADED");
  EXPECT_THAT(pipeline->status().cause, testing::HasSubstr("a step does not come to an end"));
  memory.world.release_lookups();
  memory.world.finish();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory.world.published("out"), ElementsAre("+I a|NULL"));
}

TEST(HeldUp, StopEndsInTimeThoughATaskIsHeldUp) {
  MemoryPipeline memory(looking_up, "checkpoint: {interval: 1h}");
  memory.world.append("event", 0, event("a"));
  memory.world.hold_lookups();
  PipelineSettings settings;
  settings.run.stop_timeout_us = 30 * second_us;
  const auto pipeline = memory.start(settings);
  memory.world.wait_for_held_lookup();
  pipeline->request_stop();
  memory.clock.advance_us(31 * second_us);
  wait_until(
      *pipeline, [&] { return memory.log.has("stopped "); }, "the stop without a checkpoint");
  // Only now may the task's call end, as the client's own timeout would end it.
  memory.world.release_lookups();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory.world.published("out"), testing::IsEmpty());
}

}  // namespace
}  // namespace sluice::test
