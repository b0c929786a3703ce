// An aggregate without GROUP BY has its row before any record has come: nothing else makes a
// checkpoint due then.
#include <gmock/gmock.h>

#include "unit/pipeline/stepped_run.hpp"
#include "unit/pipeline/wait_until.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;

constexpr int64_t second_us = 1'000'000;

constexpr const char* counting = R"yaml(
sources:
  event:
    memory: {connection: m, stream: event}
    format: json
    columns: {id: text, k: text}
steps: {total: {sql: "SELECT count(*) AS n, max(k) AS k FROM event"}}
sinks: {out: {from: total, memory: {connection: m, table: out, key: [n]}, mode: upsert}}
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml";

TEST(RowOverNoRows, IsSentOnceThoughNothingMoves) {
  MemoryPipeline memory(counting, "checkpoint: {interval: 1s}");
  {
    const auto pipeline = memory.start();
    advance_until(
        *pipeline, memory.clock, second_us, [&] { return !memory.world.published("out").empty(); },
        "the row over no rows");
    pipeline->request_stop();
    EXPECT_FALSE(pipeline->wait().has_value());
  }
  const auto pipeline = memory.start();
  pipeline->request_stop();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory.world.published("out"), ElementsAre("+I 0|NULL"));
}

TEST(RowOverNoRows, IsOneInAllAndTurnsIntoTheFirstResultAlsoWithOtherParallelism) {
  MemoryPipeline memory(counting);
  SteppedRun run(memory, 1);
  run.start(3);
  run.run_until_quiet();
  run.checkpoint();
  run.crash();
  run.start(2);
  run.run_until_quiet();
  run.checkpoint();
  EXPECT_THAT(memory.world.published("out"), ElementsAre("+I 0|NULL"));
  run.crash();
  memory.world.append("event", 0, event("a", "x"));
  run.start(1);
  run.run_until_quiet();
  run.checkpoint();
  EXPECT_THAT(memory.world.published("out"), ElementsAre("+I 0|NULL", "-D 0|NULL", "+I 1|x"));
}

}  // namespace
}  // namespace sluice::test
