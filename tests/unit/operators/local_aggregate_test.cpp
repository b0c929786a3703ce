#include "operators/local_aggregate.hpp"

#include <gmock/gmock.h>

#include "operators/aggregates/partial_rows.hpp"
#include "support/operator_harness.hpp"
#include "support/test_rows.hpp"
#include "unit/operators/aggregate_settings.hpp"
#include "unit/operators/folded_first.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

WindowAggregateSettings counted_minutes() {
  return windowed(tumble(minute_us), {count_rows(), call("sum", 2, "int")});
}

GroupAggregateSettings grouped(std::string_view input, std::string_view output,
                               std::vector<size_t> keys, std::vector<AggregateCall> calls) {
  GroupAggregateSettings settings;
  settings.policy.step = "totals";
  settings.input = schema_of(input);
  settings.output = schema_of(output);
  settings.keys = std::move(keys);
  settings.calls = std::move(calls);
  return settings;
}

OperatorHarness folded_first(const WindowAggregateSettings& settings) {
  return OperatorHarness(make_folded_first(settings), {{settings.input, {1}}});
}

TEST(LocalAggregate, Windows_SendOneRowForEachKeyAndSlice) {
  const WindowAggregateSettings settings = counted_minutes();
  OperatorHarness harness(make_local_aggregate(settings), {{settings.input, {1}}});
  harness.rows(R"(00:00:10 | a | 1
                  00:00:20 | a | 2
                  00:00:30 | b | 4
                  00:00:40 | a | 8
                  00:01:00 | a | 16
                  00:01:10 | a | 32)");
  const HarnessResult result = harness.run_once();
  ASSERT_THAT(result.batches, SizeIs(1));
  EXPECT_EQ(result.batches[0].rows(), 3U);
  EXPECT_TRUE(is_partial(result.batches[0]));
  EXPECT_EQ(result.counters.at("dropped folded"), 6);
  EXPECT_EQ(result.counters.at("created"), 3);
}

TEST(LocalAggregate, Windows_PassRowsAsTheyAreAfterKeysThatDidNotRepeat) {
  const WindowAggregateSettings settings = counted_minutes();
  OperatorHarness harness(make_local_aggregate(settings), {{settings.input, {1}}});
  harness.rows("00:00:10 | a | 1\n 00:00:10 | b | 1\n 00:00:10 | c | 1");
  harness.rows("00:00:20 | a | 2\n 00:00:20 | a | 4");
  const HarnessResult result = harness.run_once();
  ASSERT_THAT(result.batches, SizeIs(2));
  EXPECT_TRUE(is_partial(result.batches[0]));
  EXPECT_FALSE(is_partial(result.batches[1]));
  EXPECT_THAT(row_texts(carried_rows(result.batches[1], settings.input)),
              ElementsAre("+I 00:00:20|a|2", "+I 00:00:20|a|4"));
}

TEST(LocalAggregate, Windows_RefuseLateRowsByTheirOwnLateness) {
  OperatorHarness harness = folded_first(counted_minutes());
  harness.rows(R"(00:00:10 | a | 1
                  00:00:20 | a | 1 | @seen=00:00:59.999999
                  00:00:30 | a | 1 | @seen=00:01
                  NULL | a | 1)");
  harness.watermark("final");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I 00:00:00|00:01:00|a|2|2"));
  EXPECT_THAT(result.dead_letters,
              ElementsAre(R"(E3004 totals: {"ts":null,"k":"a","v":1})",
                          R"(E3301 totals: {"ts":"2024-01-01T00:00:30Z","k":"a","v":1})"));
}

TEST(LocalAggregate, Windows_PassRowsThatMeetWindowsClosedByOthers) {
  OperatorHarness harness = folded_first(counted_minutes());
  harness.rows("00:00:10 | a | 1\n 00:00:11 | a | 1").watermark("00:01");
  harness.rows("00:00:30 | a | 1\n 00:00:40 | a | 2\n 00:01:10 | a | 2").watermark("final");
  const HarnessResult result = harness.run_once();
  EXPECT_THAT(result.changes,
              ElementsAre("+I 00:00:00|00:01:00|a|2|2", "+I 00:01:00|00:02:00|a|1|2"));
  EXPECT_THAT(result.dead_letters,
              ElementsAre(R"(E3301 totals: {"ts":"2024-01-01T00:00:30Z","k":"a","v":1})",
                          R"(E3301 totals: {"ts":"2024-01-01T00:00:40Z","k":"a","v":2})"));
  EXPECT_EQ(result.counters.at("late"), 2);
}

TEST(LocalAggregate, Windows_RefusePartialRowOfAWakingSourceThatMeetsFreedState) {
  const WindowAggregateSettings settings = counted_minutes();
  OperatorHarness harness(make_folded_first(settings, false), {{settings.input, {1}}});
  harness.rows("00:00:10 | a | 1\n 00:00:11 | a | 1").watermark("00:01");
  harness.rows("00:00:30 | a | 1\n 00:00:40 | a | 1\n 00:01:10 | a | 2").watermark("final");
  const HarnessResult result = harness.run_once();
  EXPECT_THAT(result.changes,
              ElementsAre("+I 00:00:00|00:01:00|a|2|2", "+I 00:01:00|00:02:00|a|1|2"));
  EXPECT_THAT(result.dead_letters, ElementsAre(R"(E3301 totals: {"ts":null,"k":"a","v":null})"));
  EXPECT_EQ(result.counters.at("late"), 2);
}

TEST(LocalAggregate, Windows_CorrectWhatHasFired) {
  WindowAggregateSettings settings = counted_minutes();
  settings.late.accept_us = minute_us;
  OperatorHarness harness = folded_first(settings);
  harness.fold_by({0, 1, 2});
  harness.rows("00:00:10 | a | 1").watermark("00:01").barrier();
  harness.rows("00:00:30 | a | 2 | @seen=00:01\n 00:00:31 | a | 4 | @seen=00:01").barrier();
  EXPECT_THAT(harness.run().folded, ElementsAre("00:00:00|00:01:00|a|3|7"));
}

TEST(LocalAggregate, Windows_PassRowsThatCorrectWhatHasFired) {
  WindowAggregateSettings settings = counted_minutes();
  settings.late.accept_us = minute_us;
  OperatorHarness harness(make_local_aggregate(settings), {{settings.input, {1}}});
  harness.rows(R"(00:00:30 | a | 1  | @seen=00:01
                  00:01:10 | a | 2
                  00:01:11 | a | 4  | @seen=00:01:59.999999
                  00:00:40 | a | 8  | @seen=00:01:20
                  00:00:50 | a | 16 | @seen=00:02)");
  const HarnessResult result = harness.run_once();
  ASSERT_THAT(result.batches, SizeIs(2));
  EXPECT_FALSE(is_partial(result.batches[0]));
  EXPECT_THAT(row_texts(carried_rows(result.batches[0], settings.input)),
              ElementsAre("+I 00:00:30|a|1", "+I 00:00:40|a|8"));
  EXPECT_TRUE(is_partial(result.batches[1]));
  EXPECT_EQ(result.batches[1].rows(), 1U);
  EXPECT_EQ(result.counters.at("dropped folded"), 2);
  EXPECT_EQ(result.counters.at("late"), 1);
}

TEST(LocalAggregate, Groups_GiveWhatTheAggregateAloneGives) {
  const GroupAggregateSettings settings =
      grouped("k numeric, v numeric, keep boolean",
              "k numeric, c1 bigint, c2 numeric, c3 numeric, c4 numeric, c5 bigint", {0},
              {count_rows(), call("sum", 1, "numeric"), call("avg", 1, "numeric"),
               call("max", 1, "numeric"), filtered(call("count", 1, "numeric"), 2)});
  const auto run = [&](std::shared_ptr<const OperatorDescription> operation) {
    OperatorHarness harness(std::move(operation), {{settings.input, {0}}});
    harness.fold_by({0});
    harness.rows("1.0 | 0.10 | t\n 1.00 | 0.205 | f\n NULL | NULL | NULL\n 2 | 7 | t").barrier();
    harness.rows("1 | 3 | t\n 2 | NULL | t\n NULL | 1 | t\n 1.0 | -2 | t").barrier();
    return harness.run().folded;
  };
  const std::vector<std::string> expected = run(make_group_aggregate(settings));
  EXPECT_THAT(expected, SizeIs(3));
  EXPECT_EQ(run(make_folded_first(settings)), expected);
}

TEST(LocalAggregate, GroupOfAllRows_CountsThem) {
  const GroupAggregateSettings settings = grouped("v int", "c bigint", {}, {count_rows()});
  OperatorHarness harness(make_folded_first(settings), {{settings.input, {}}});
  harness.fold_by({});
  harness.rows("1\n 2\n 3").barrier().rows("4").barrier();
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.folded, ElementsAre("4"));
  EXPECT_EQ(result.counters.at("held"), 4);
  EXPECT_THAT(result.dead_letters, IsEmpty());
}

}  // namespace
}  // namespace sluice
