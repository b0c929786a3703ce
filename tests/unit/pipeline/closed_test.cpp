// A pipeline that has closed, but not told its targets everything, or not heard what they refuse.
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
    columns: {id: text}
steps: {all: {sql: "SELECT id FROM event"}}
sinks: {out: {from: all, memory: {connection: m, table: out}, mode: append}}
errors:
  dead_letter: {memory: {connection: m, table: dead}}
  stop_after: {count: 3, within: 1m}
)yaml";

class Closed : public testing::Test {
 protected:
  Closed() {
    memory_.world.target().reject([](const std::string& row) { return row.starts_with("+I bad"); });
  }
  void append(std::initializer_list<const char*> ids) {
    for (const std::string id : ids) memory_.world.append("event", 0, R"({"id":")" + id + R"("})");
  }
  std::optional<Error> run() {
    PipelineSettings settings;
    settings.fail_on_first_error = true;
    const auto pipeline = memory_.start(settings);
    const auto failure = pipeline->wait();
    EXPECT_EQ(pipeline->status().state, failure ? PipelineState::failed : PipelineState::finished);
    return failure;
  }
  // A run that ends right behind the decision that closes, before anything is published.
  void run_up_to_the_decision() {
    memory_.world.finish();
    memory_.failpoints.arm(Failpoint::checkpoint_decided, Failpoints::Action::error);
    EXPECT_TRUE(run().has_value());
    EXPECT_THAT(out(), IsEmpty());
  }
  void expect_good(const std::optional<Error>& failure) {
    EXPECT_FALSE(failure.has_value()) << failure->to_string();
  }
  std::vector<std::string> out() const { return memory_.world.published("out"); }
  std::vector<std::string> dead() const { return memory_.world.published("dead"); }

  MemoryPipeline memory_{body, "checkpoint: {interval: 1h}"};
};

TEST_F(Closed, RowsThatTheTargetRefusesAtTheNextStartBecomeDeadLettersOnce) {
  append({"a", "bad", "b"});
  run_up_to_the_decision();
  expect_good(run());
  EXPECT_THAT(out(), ElementsAre("+I a", "+I b"));
  EXPECT_THAT(dead(), ElementsAre(HasSubstr("bad")));
  expect_good(run());
  EXPECT_THAT(dead(), SizeIs(1));
}

// The start that published the rows ends before it has told what was refused, and so does the next.
TEST_F(Closed, RefusedRowsAreToldAfterFurtherCrashes) {
  append({"bad", "a"});
  run_up_to_the_decision();
  memory_.failpoints.arm(Failpoint::start_after_publish, Failpoints::Action::error);
  EXPECT_TRUE(run().has_value());
  EXPECT_THAT(out(), ElementsAre("+I a"));
  memory_.failpoints.arm(Failpoint::checkpoint_before_rename, Failpoints::Action::error);
  EXPECT_TRUE(run().has_value());
  EXPECT_THAT(dead(), IsEmpty());
  memory_.failpoints.arm(Failpoint::rejects_folded, Failpoints::Action::error);
  EXPECT_TRUE(run().has_value());
  expect_good(run());
  EXPECT_THAT(dead(), ElementsAre(HasSubstr("bad")));
}

TEST_F(Closed, TooManyRefusedRowsAreAnErrorBehindTheirLetters) {
  append({"bad 1", "bad 2", "bad 3", "bad 4"});
  run_up_to_the_decision();
  const auto failure = run();
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->code, ErrorCode::too_many_dead_letters) << failure->to_string();
  EXPECT_THAT(dead(), SizeIs(4));
  expect_good(run());
  EXPECT_THAT(dead(), SizeIs(4));
}

TEST_F(Closed, IsFinishedOnlyWhenATargetThatWasDownHasTakenEverything) {
  append({"a", "bad"});
  PipelineSettings settings;
  settings.run.stop_timeout_us = second_us;
  const auto pipeline = memory_.start(settings);
  wait_until(
      *pipeline, [&] { return pipeline->status().run.records_read == 2; }, "the records");
  memory_.world.target().set_down(true);
  memory_.world.finish();
  wait_until(
      *pipeline, [&] { return pipeline->status().run.checkpoints_completed == 1; }, "the decision");
  advance_until(
      *pipeline, memory_.clock, second_us / 4,
      [&] { return pipeline->status().state == PipelineState::restarting; }, "the end of the run");
  memory_.world.target().set_down(false);
  advance_until(
      *pipeline, memory_.clock, second_us / 4,
      [&] { return pipeline->status().state == PipelineState::finished; }, "the end");
  EXPECT_FALSE(pipeline->wait().has_value());
  EXPECT_THAT(out(), ElementsAre("+I a"));
  EXPECT_THAT(dead(), ElementsAre(HasSubstr("bad")));
}

}  // namespace
}  // namespace sluice::test
