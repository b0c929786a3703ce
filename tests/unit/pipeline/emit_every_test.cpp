// emit.every: what an interval holds back comes when it is over, at a stop and after a restart,
// though no record comes any more.
#include <gmock/gmock.h>

#include "pipeline/pipeline.hpp"
#include "unit/pipeline/memory_pipeline.hpp"
#include "unit/pipeline/wait_until.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;

constexpr int64_t step_us = 250'000;
constexpr int64_t hour_us = 3'600'000'000;

// A watermark that moves, also to idle, is a movement too: there is none here.
struct Case {
  const char* name;
  const char* event_time;
  const char* sql;
  std::string key;  // of the one row
};

class EmitEvery : public testing::TestWithParam<Case> {
 protected:
  void append() { memory_.world.append("event", 0, R"({"k":"x","at":"2024-01-01T00:00:10Z"})"); }
  void wait_for_checkpoint(Pipeline& pipeline, uint64_t count) {
    advance_until(
        pipeline, memory_.clock, step_us,
        [&] { return pipeline.status().run.checkpoints_completed >= count; }, "a checkpoint");
  }
  void wait_for_count(Pipeline& pipeline, const char* count) {
    const std::vector<std::string> expected{row(count)};
    advance_until(
        pipeline, memory_.clock, step_us, [&] { return rows() == expected; }, expected[0].c_str());
  }
  static std::string row(const std::string& count) { return GetParam().key + "|" + count; }
  std::vector<std::string> rows() const { return memory_.world.folded("out", 1); }

  // A pipeline that has shown the first of two rows, and decided the second one.
  std::unique_ptr<Pipeline> hold_back_the_second() {
    append();
    auto pipeline = memory_.start();
    wait_for_count(*pipeline, "1");
    append();
    wait_until(
        *pipeline, [&] { return pipeline->status().run.records_read == 2; }, "the second row");
    wait_for_checkpoint(*pipeline, 2);
    EXPECT_THAT(rows(), ElementsAre(row("1")));
    return pipeline;
  }
  void expect_stop(Pipeline& pipeline) {
    pipeline.request_stop();
    EXPECT_FALSE(pipeline.wait().has_value());
  }

  MemoryPipeline memory_{std::string(R"yaml(
sources:
  event:
    memory: {connection: m, stream: event}
    format: json
    columns: {k: text, at: timestamptz}
)yaml") + GetParam().event_time +
                             R"yaml(
steps:
  counts:
    sql: ")yaml" + GetParam().sql +
                             R"yaml("
    emit: {every: 1h}
sinks: {out: {from: counts, memory: {connection: m, table: out, key: [k]}, mode: upsert}}
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml",
                         "checkpoint: {interval: 1s}"};
};

TEST_P(EmitEvery, ShowsTheLastChangeWhenTheIntervalIsOver) {
  const auto pipeline = hold_back_the_second();
  memory_.clock.advance_us(hour_us);
  wait_for_count(*pipeline, "2");
  expect_stop(*pipeline);
}

TEST_P(EmitEvery, ShowsTheLastChangeAtAStop) {
  const auto pipeline = hold_back_the_second();
  expect_stop(*pipeline);
  EXPECT_THAT(rows(), ElementsAre(row("2")));
}

TEST_P(EmitEvery, ShowsTheLastChangeAfterARestart) {
  const auto pipeline = hold_back_the_second();
  memory_.world.fail_polls(Error{ErrorCode::connection_failed, "away", Retry::later, {}});
  wait_until(
      *pipeline, [&] { return memory_.world.polls_failed() > 0; }, "the failure");
  memory_.world.fail_polls(std::nullopt);
  wait_for_count(*pipeline, "2");
  EXPECT_EQ(pipeline->status().restarts, 1u);
  expect_stop(*pipeline);
}

INSTANTIATE_TEST_SUITE_P(
    Steps, EmitEvery,
    testing::Values(Case{"Groups", "", "SELECT k, count(*) AS c FROM event GROUP BY k", "x"},
                    Case{"Windows",
                         "    event_time: {column: at, out_of_order: 0s, idle_after: 24h}",
                         "SELECT window_end AS k, count(*) AS c "
                         "FROM TUMBLE(event, at, INTERVAL '1 day') GROUP BY window_end",
                         "2024-01-02 00:00:00"}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace sluice::test
