// Where reading began is kept from the first moment on, when another start could not find it again.
#include <gmock/gmock.h>

#include "pipeline/pipeline.hpp"
#include "unit/pipeline/memory_pipeline.hpp"
#include "unit/pipeline/wait_until.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;

constexpr const char* body = R"yaml(
sources:
  event:
    memory: {connection: m, stream: event, start: latest}
    format: json
    columns: {id: text, at: timestamptz}
    event_time: {column: at, out_of_order: 0s, idle_after: 1m}
steps: {all: {sql: "SELECT id FROM event"}}
sinks: {out: {from: all, memory: {connection: m, table: out}, mode: append}}
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml";

class StartLatest : public testing::Test {
 protected:
  void append(const std::string& id, size_t partition = 0) {
    memory_.world.append("event", partition,
                         R"({"id":")" + id + R"(","at":"2024-01-01T00:00:10Z"})");
  }
  // No time passes: no checkpoint is due.
  void wait_for_checkpoint(Pipeline& pipeline) {
    wait_until(
        pipeline, [&] { return pipeline.status().run.checkpoints_completed == 1; }, "a checkpoint");
  }
  // The run ends without one more checkpoint, and `while_away` is before the next one starts.
  void fail_run(Pipeline& pipeline, const std::function<void()>& while_away) {
    memory_.world.fail_polls(Error{ErrorCode::connection_failed, "away", Retry::later, {}});
    wait_until(
        pipeline, [&] { return pipeline.status().state == PipelineState::restarting; },
        "the failure");
    while_away();
    memory_.world.fail_polls(std::nullopt);
    memory_.clock.advance_us(RestartPolicy::first_delay_us);
  }

  MemoryPipeline memory_{body, "checkpoint: {interval: 1h}"};
};

TEST_F(StartLatest, WhatComesAfterTheFirstStartIsReadByTheNextOne) {
  append("before");
  const auto pipeline = memory_.start();
  wait_for_checkpoint(*pipeline);
  fail_run(*pipeline, [&] { append("after"); });
  wait_until(
      *pipeline, [&] { return pipeline->status().run.records_read == 1; }, "the record");
  pipeline->request_stop();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory_.world.published("out"), ElementsAre("+I after"));
}

TEST_F(StartLatest, PartitionThatAppearsIsReadFromItsBeginningByTheNextRunToo) {
  append("before");
  PipelineSettings settings;
  settings.run.discover_interval_us = 1'000;
  const auto pipeline = memory_.start(settings);
  wait_for_checkpoint(*pipeline);
  append("first", 1);
  wait_until(
      *pipeline, [&] { return pipeline->status().run.records_read == 1; }, "the first record");
  fail_run(*pipeline, [&] { append("second", 1); });
  wait_until(
      *pipeline, [&] { return memory_.world.records_read("event", 1) == 2; }, "the second record");
  pipeline->request_stop();
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(memory_.world.published("out"), ElementsAre("+I first", "+I second"));
}

}  // namespace
}  // namespace sluice::test
