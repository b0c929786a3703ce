#include "operators/window_aggregate.hpp"

#include <gmock/gmock.h>

#include "support/operator_harness.hpp"
#include "support/test_rows.hpp"
#include "unit/operators/aggregate_settings.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

OperatorHarness harness_of(const WindowAggregateSettings& settings) {
  return OperatorHarness(make_window_aggregate(settings), {{settings.input, {1}}});
}

std::vector<AggregateCall> count_and_sum() { return {count_rows(), call("sum", 2, "int")}; }

TEST(WindowAggregate, Tumble_FiresWhenWatermarkReachesEnd) {
  OperatorHarness harness = harness_of(windowed(tumble(minute_us), count_and_sum()));
  harness.rows("00:00:00 | a | 1\n 00:00:59.999999 | a | 2\n 00:01:00 | a | 4\n 00:00:30 | b | 8");
  harness.watermark("00:00:59.999999").rows("00:00:59 | b | NULL").watermark("00:01");
  harness.barrier().watermark("final");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.changes,
              ElementsAre("+I 00:00:00|00:01:00|a|2|3", "+I 00:00:00|00:01:00|b|2|8",
                          "+I 00:01:00|00:02:00|a|1|4"));
  EXPECT_EQ(result.counters.at("held"), 0);
  EXPECT_EQ(result.counters.at("dropped folded"), 5);
  EXPECT_EQ(result.counters.at("created"), 3);
}

TEST(WindowAggregate, Tumble_WaitsForTheLagOfItsTimeColumn) {
  WindowAggregateSettings settings = windowed(tumble(minute_us), {count_rows()});
  settings.lag_us = 10 * second_us;
  OperatorHarness harness = harness_of(settings);
  harness.rows("00:00:10 | a | 1").watermark("00:01:09.999999").barrier();
  harness.rows("00:00:59.999999 | a | 1 | @seen=00:01:09.999999").watermark("00:01:10");
  EXPECT_THAT(harness.run().changes, ElementsAre("+I 00:00:00|00:01:00|a|2"));
}

TEST(WindowAggregate, Tumble_RefusesRowWhoseWindowItsPartitionHasPassed) {
  OperatorHarness harness = harness_of(windowed(tumble(minute_us), {count_rows()}));
  harness.rows(R"(00:00:10 | a | 1
                  00:00:20 | a | 1 | @seen=00:00:59.999999
                  00:00:30 | a | 1 | @seen=00:01)");
  harness.watermark("final");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I 00:00:00|00:01:00|a|2"));
  EXPECT_THAT(result.dead_letters,
              ElementsAre(R"(E3301 totals: {"ts":"2024-01-01T00:00:30Z","k":"a","v":1})"));
  EXPECT_EQ(result.counters.at("late"), 1);
}

TEST(WindowAggregate, Tumble_DropsLateRowsWithoutDeadLetterWhenAsked) {
  WindowAggregateSettings settings = windowed(tumble(minute_us), {count_rows()});
  settings.late.action = RowPolicy::drop;
  OperatorHarness harness = harness_of(settings);
  harness.rows("00:00:30 | a | 1 | @seen=00:01");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.dead_letters, IsEmpty());
  EXPECT_EQ(result.counters.at("late"), 1);
}

TEST(WindowAggregate, Tumble_FailsOnLateRowWhenAsked) {
  WindowAggregateSettings settings = windowed(tumble(minute_us), {count_rows()});
  settings.late.action = RowPolicy::fail;
  OperatorHarness harness = harness_of(settings);
  const HarnessResult result = harness.rows("00:00:30 | a | 1 | @seen=00:01").run_once();
  ASSERT_TRUE(result.error.has_value());
  EXPECT_EQ(result.error->code, ErrorCode::late_row);
}

TEST(WindowAggregate, Tumble_CorrectsFiredWindowsWithinAccept) {
  WindowAggregateSettings settings = windowed(tumble(minute_us), count_and_sum());
  settings.late.accept_us = minute_us;
  OperatorHarness harness = harness_of(settings).fold_by({0, 1, 2});
  harness.rows("00:00:30 | a | 1").watermark("00:01:30");
  harness.rows("00:00:31 | a | 2 | @seen=00:01:30\n 00:00:32 | b | 4 | @seen=00:01:30");
  harness.rows("00:00:33 | a | 8 | @seen=00:01:30").watermark("00:01:40");
  harness.rows("00:00:34 | a | 16 | @seen=00:01:59.999999").barrier();
  harness.watermark("00:02").rows("00:00:35 | a | 32 | @seen=00:02").watermark("final");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.changes,
              ElementsAre("+I 00:00:00|00:01:00|a|1|1", "+U 00:00:00|00:01:00|a|3|11",
                          "+U 00:00:00|00:01:00|b|1|4", "+U 00:00:00|00:01:00|a|4|27"));
  EXPECT_THAT(result.dead_letters, SizeIs(1));
}

TEST(WindowAggregate, Tumble_RefusesRowThatMeetsFreedStateAlsoWhenUpstreamAcceptedIt) {
  WindowAggregateSettings settings = windowed(tumble(minute_us), {count_rows()});
  settings.late = {false, minute_us, RowPolicy::dead_letter};
  OperatorHarness harness = harness_of(settings).fold_by({0, 1, 2});
  harness.watermark("00:01:59.999999").rows("00:00:30 | a | 1 | @seen=00:09").watermark("00:02");
  harness.rows("00:00:30 | a | 1 | @seen=00:09");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+U 00:00:00|00:01:00|a|1"));
  EXPECT_EQ(result.counters.at("late"), 1);
}

TEST(WindowAggregate, Hop_CountsRowInEveryWindowThatHoldsIt) {
  OperatorHarness harness = harness_of(windowed(hop(minute_us, 3 * minute_us), count_and_sum()));
  harness.rows("00:00:30 | a | 1\n 00:02:30 | a | 2\n 00:02:30 | b | 4").watermark("00:01:30");
  harness.barrier().watermark("final");
  EXPECT_THAT(
      harness.run().changes,
      ElementsAre("+I 2023-12-31 23:58:00|00:01:00|a|1|1", "+I 2023-12-31 23:59:00|00:02:00|a|1|1",
                  "+I 00:00:00|00:03:00|a|2|3", "+I 00:00:00|00:03:00|b|1|4",
                  "+I 00:01:00|00:04:00|a|1|2", "+I 00:01:00|00:04:00|b|1|4",
                  "+I 00:02:00|00:05:00|a|1|2", "+I 00:02:00|00:05:00|b|1|4"));
}

TEST(WindowAggregate, Hop_LateRowCountsOnlyInWindowsItsPartitionHasNotPassed) {
  OperatorHarness harness = harness_of(windowed(hop(minute_us, 3 * minute_us), {count_rows()}));
  harness.rows("00:02:30 | a | 1 | @seen=00:03\n 00:02:30 | b | 1 | @seen=00:05");
  harness.watermark("final");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I 00:01:00|00:04:00|a|1", "+I 00:02:00|00:05:00|a|1"));
  EXPECT_THAT(result.dead_letters, SizeIs(1));
}

TEST(WindowAggregate, Hop_TakesExtremesOutWithTheirSlice) {
  OperatorHarness harness = harness_of(
      windowed(hop(minute_us, 2 * minute_us),
               {call("max", 2, "int"), call("min", 2, "int"), distinct(call("count", 2, "int"))}));
  harness.rows("00:00:10 | a | 9\n 00:00:20 | a | 9\n 00:01:10 | a | 5\n 00:02:10 | a | 7");
  harness.watermark("final");
  EXPECT_THAT(harness.run().folded,
              ElementsAre("00:00:00|00:02:00|a|9|5|2", "00:01:00|00:03:00|a|7|5|2",
                          "00:02:00|00:04:00|a|7|7|1", "2023-12-31 23:59:00|00:01:00|a|9|9|1"));
}

TEST(WindowAggregate, Hop_CorrectsAllFiredWindowsOfLateRow) {
  WindowAggregateSettings settings = windowed(hop(minute_us, 3 * minute_us), count_and_sum());
  settings.late.accept_us = 10 * minute_us;
  OperatorHarness harness = harness_of(settings).fold_by({0, 1, 2});
  harness.rows("00:00:30 | a | 1").watermark("00:02:10");
  harness.rows("00:00:40 | a | 2 | @seen=00:02:10").watermark("final");
  EXPECT_THAT(
      harness.run().changes,
      ElementsAre("+I 2023-12-31 23:58:00|00:01:00|a|1|1", "+I 2023-12-31 23:59:00|00:02:00|a|1|1",
                  "+U 2023-12-31 23:58:00|00:01:00|a|2|3", "+U 2023-12-31 23:59:00|00:02:00|a|2|3",
                  "+I 00:00:00|00:03:00|a|2|3"));
}

TEST(WindowAggregate, Cumulate_SendsEveryStepFromFirstRowToTheEnd) {
  OperatorHarness harness =
      harness_of(windowed(cumulate(minute_us, 5 * minute_us), count_and_sum()));
  harness.rows("00:01:30 | a | 1\n 00:03:30 | a | 2\n 00:02:30 | b | 4").watermark("00:03:10");
  harness.barrier().watermark("final");
  EXPECT_THAT(harness.run().changes,
              ElementsAre("+I 00:00:00|00:02:00|a|1|1", "+I 00:00:00|00:03:00|a|1|1",
                          "+I 00:00:00|00:03:00|b|1|4", "+I 00:00:00|00:04:00|a|2|3",
                          "+I 00:00:00|00:04:00|b|1|4", "+I 00:00:00|00:05:00|a|2|3",
                          "+I 00:00:00|00:05:00|b|1|4"));
}

TEST(WindowAggregate, Cumulate_LateRowEntersTheStepOfItsPartitionsWatermark) {
  OperatorHarness harness =
      harness_of(windowed(cumulate(minute_us, 5 * minute_us), {count_rows()}));
  // The combined watermark is behind the partition's.
  harness.rows("00:00:30 | a | 1\n 00:00:31 | a | 1 | @seen=00:02:10").watermark("00:01");
  harness.rows("00:00:32 | a | 1 | @seen=00:05").watermark("00:02:30").barrier();
  harness.watermark("00:04");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I 00:00:00|00:01:00|a|1", "+I 00:00:00|00:02:00|a|1",
                                          "+I 00:00:00|00:03:00|a|2", "+I 00:00:00|00:04:00|a|2"));
  EXPECT_THAT(result.dead_letters, SizeIs(1));
  EXPECT_EQ(result.counters.at("held"), 2);
}

TEST(WindowAggregate, Cumulate_CorrectsStepsWithinAccept) {
  WindowAggregateSettings settings = windowed(cumulate(minute_us, 5 * minute_us), {count_rows()});
  settings.late.accept_us = minute_us;
  OperatorHarness harness = harness_of(settings).fold_by({0, 1, 2});
  harness.rows("00:00:30 | a | 1").watermark("00:03:30");
  // Steps that end by 00:02:30 are closed for it.
  harness.rows("00:00:31 | a | 1 | @seen=00:03:30").barrier().watermark("final");
  EXPECT_THAT(harness.run().changes,
              ElementsAre("+I 00:00:00|00:01:00|a|1", "+I 00:00:00|00:02:00|a|1",
                          "+I 00:00:00|00:03:00|a|1", "+U 00:00:00|00:03:00|a|2",
                          "+I 00:00:00|00:04:00|a|2", "+I 00:00:00|00:05:00|a|2"));
}

TEST(WindowAggregate, EmitEvery_ShowsRunningValuesOfWindowsThatChanged) {
  WindowAggregateSettings settings = windowed(tumble(minute_us), {count_rows()});
  settings.emit_every_us = 5 * second_us;
  OperatorHarness harness = harness_of(settings).fold_by({0, 1, 2});
  harness.rows("00:00:01 | a | 1\n 00:00:01 | b | 1").barrier("00:00:05");
  harness.rows("00:00:02 | a | 1").barrier("00:00:09").barrier("00:00:10").barrier("00:00:15");
  harness.watermark("00:01");
  EXPECT_THAT(harness.run_once().changes,
              ElementsAre("+U 00:00:00|00:01:00|a|1", "+U 00:00:00|00:01:00|b|1",
                          "+U 00:00:00|00:01:00|a|2", "+U 00:00:00|00:01:00|a|2",
                          "+U 00:00:00|00:01:00|b|1"));
  EXPECT_THAT(harness.run().folded, ElementsAre("00:00:00|00:01:00|a|2", "00:00:00|00:01:00|b|1"));
}

TEST(WindowAggregate, EmitEvery_ShowsStepsOfCumulateThatRowsHaveReached) {
  WindowAggregateSettings settings = windowed(cumulate(minute_us, 60 * minute_us), {count_rows()});
  settings.emit_every_us = 5 * second_us;
  OperatorHarness harness = harness_of(settings).fold_by({0, 1, 2});
  harness.rows("00:00:01 | a | 1\n 00:01:01 | a | 1").barrier("00:00:05");
  EXPECT_THAT(harness.run().changes,
              ElementsAre("+U 00:00:00|00:01:00|a|1", "+U 00:00:00|00:02:00|a|2"));
}

TEST(WindowAggregate, Windows_OfDaysFollowTheZone) {
  OperatorHarness harness =
      harness_of(windowed(calendar(tumble(0), 1), {count_rows()})).zone("Asia/Shanghai");
  harness.rows("2024-01-01 15:59:59 | a | 1\n 2024-01-01 16:00:00 | a | 1").watermark("final");
  EXPECT_THAT(harness.run().changes, ElementsAre("+I 2023-12-31 16:00:00|16:00:00|a|1",
                                                 "+I 16:00:00|2024-01-02 16:00:00|a|1"));
}

TEST(WindowAggregate, Windows_GroupCarriedWindowsAgain) {
  WindowSettings window = tumble(minute_us);
  window.kind = WindowSettings::Kind::carried_end;
  OperatorHarness harness = harness_of(windowed(window, count_and_sum()));
  harness.rows("00:01:00 | a | 1\n 00:01:00 | a | 2\n 00:02:00 | a | 4").watermark("00:01:00");
  EXPECT_THAT(harness.run().changes, ElementsAre("+I 00:00:00|00:01:00|a|2|3"));
}

TEST(WindowAggregate, Rows_WithoutUsableTimeAreDeadLetters) {
  OperatorHarness harness = harness_of(windowed(tumble(minute_us), {count_rows()}));
  harness.rows("NULL | a | 1\n infinity | a | 1\n 00:00:10 | a | 1").watermark("final");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, SizeIs(1));
  EXPECT_THAT(result.dead_letters, ElementsAre(R"(E3004 totals: {"ts":null,"k":"a","v":1})",
                                               R"(E3102 totals: {"ts":"infinity","k":"a","v":1})"));
}

TEST(WindowAggregate, Results_ThatOverflowAreDeadLetters) {
  WindowAggregateSettings settings = windowed(tumble(minute_us), {call("sum", 2, "numeric")});
  settings.input = schema_of("ts timestamptz, k text, v numeric");
  OperatorHarness harness = harness_of(settings);
  harness.rows("00:00:10 | a | 9e37\n 00:00:10 | a | 9e37\n 00:00:10 | b | 1").watermark("final");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I 00:00:00|00:01:00|b|1"));
  EXPECT_THAT(result.dead_letters, SizeIs(1));
  EXPECT_EQ(result.counters.at("dead"), 1);
}

TEST(WindowAggregate, State_IsChargedToTheBudgetAndGivenBack) {
  const WindowAggregateSettings settings = windowed(tumble(minute_us), {count_rows()});
  const auto description = make_window_aggregate(settings);
  VirtualClock clock(0);
  OperatorInstance instance(*description, {&clock, nullptr, nullptr, nullptr}, TimeZone(), {});
  ASSERT_TRUE(instance.open().has_value());
  const RecordBatch rows = read_rows(settings.input, "00:00:10 | a | 1");
  ASSERT_TRUE(instance.process(0, rows).has_value());
  EXPECT_GT(instance.memory_bytes(), 0u);
  ASSERT_TRUE(instance.advance(Watermark::final()).has_value());
  EXPECT_EQ(instance.memory_bytes(), 0u);
}

TEST(WindowAggregate, State_PastTheBudgetIsAnError) {
  OperatorHarness harness = harness_of(windowed(tumble(minute_us), {count_rows()}));
  const HarnessResult result = harness.budget(100).rows("00:00:10 | a | 1").run_once();
  ASSERT_TRUE(result.error.has_value());
  EXPECT_EQ(result.error->code, ErrorCode::budget_exceeded);
  EXPECT_THAT(result.changes, IsEmpty());
}

}  // namespace
}  // namespace sluice
