// What tasks do to each other, on one seeded thread.
#include "unit/pipeline/stepped_run.hpp"

#include <gmock/gmock.h>

namespace sluice::test {
namespace {

constexpr uint64_t seed = 7;

constexpr const char* counting = R"yaml(
sources:
  event:
    memory: {connection: m, stream: event}
    format: json
    columns: {k: text, at: timestamptz}
    event_time: {column: at, out_of_order: 0s}
steps: {counts: {sql: "SELECT k, count(*) AS c FROM event GROUP BY k"}}
sinks: {out: {from: counts, memory: {connection: m, table: out, key: [k]}, mode: upsert}}
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml";

std::string event(int second) {
  const auto two_digits = [](int number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  return R"({"k":"k","at":"2024-01-01T)" + two_digits(second / 3600) + ":" +
         two_digits(second / 60 % 60) + ":" + two_digits(second % 60) + R"(Z"})";
}

TEST(SteppedRun, Source_HoldsAPartitionThatIsFarAheadOfOneThatCatchesUp) {
  MemoryPipeline pipeline(counting);
  for (int i = 0; i < 100; ++i) pipeline.world.append("event", 0, event(60 * i));
  for (int i = 0; i < 100; ++i) pipeline.world.append("event", 1, event(i));
  pipeline.world.randomize(seed);
  SteppedRun run(pipeline, seed);
  run.start(2);
  size_t most_ahead = 0;
  while (pipeline.world.records_read("event", 1) < 100) {
    run.step(1);
    most_ahead = std::max(most_ahead, pipeline.world.records_read("event", 0));
    ASSERT_FALSE(HasFailure());
  }
  // Up to 5 minutes ahead of second 99, and the batch that goes beyond it.
  EXPECT_GE(most_ahead, 5u);
  EXPECT_LE(most_ahead, 7u + 8u);
  run.run_until_quiet();
  run.checkpoint();
  EXPECT_EQ(pipeline.world.records_read("event", 0), 100u);
  EXPECT_THAT(pipeline.world.folded("out", 1), testing::ElementsAre("k|200"));
}

TEST(SteppedRun, Source_StopsReadingWhenTheTaskBehindItTakesNothing) {
  MemoryPipeline pipeline(counting);
  constexpr size_t records = 5'000;
  for (size_t i = 0; i < records; ++i) pipeline.world.append("event", 0, event(1));
  pipeline.world.randomize(seed);
  SteppedRun run(pipeline, seed);
  run.start(2);
  Task* reader = nullptr;
  for (size_t i = 0; i < run.tasks().size(); ++i) {
    Task& task = run.tasks().task(i);
    if (task.has_sources() && run.tasks().slot_of(i) == 0) reader = &task;
  }
  ASSERT_NE(reader, nullptr);
  Task::Step step = Task::Step::worked;
  for (size_t i = 0; i < records && step == Task::Step::worked; ++i) {
    const auto taken = reader->step();
    ASSERT_TRUE(taken.has_value());
    step = *taken;
  }
  EXPECT_EQ(step, Task::Step::waits_for_room);
  EXPECT_LE(pipeline.world.records_read("event", 0), 8 * (Channel::capacity_elements + 1));
  double fullest = 0;
  for (const ChannelFill& fill : run.tasks().channel_fill())
    fullest = std::max(fullest, fill.ratio);
  EXPECT_EQ(fullest, 1.0);
  // A barrier still passes, and nothing is lost.
  run.checkpoint();
  run.run_until_quiet();
  run.checkpoint();
  EXPECT_THAT(pipeline.world.folded("out", 1), testing::ElementsAre("k|5000"));
}

// Else a number that a later look at the sources puts back could hide that something has moved.
TEST(SteppedRun, Task_LettersThatArePostedAreNoMovement) {
  MemoryPipeline pipeline(counting);
  pipeline.world.append("event", 0, event(1));
  SteppedRun run(pipeline, seed);
  run.start(1);
  run.run_until_quiet();
  Task& task = run.tasks().task(0);
  const uint64_t movements = task.movements();
  DeadLetter letter;
  letter.error = {ErrorCode::sink_rejected, "refused", Retry::never, {}};
  task.stop_sources();
  task.post_dead_letters({letter});
  run.run_until_quiet();
  EXPECT_EQ(task.movements(), movements);
  run.checkpoint();
  EXPECT_THAT(pipeline.world.published("dead"), testing::SizeIs(1));
}

}  // namespace
}  // namespace sluice::test
