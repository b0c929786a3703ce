#include <gmock/gmock.h>

#include "operators/window_aggregate.hpp"
#include "support/operator_harness.hpp"
#include "support/test_rows.hpp"
#include "unit/operators/session_settings.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<AggregateCall> count_and_sum() { return {count_rows(), call("sum", 2, "int")}; }

OperatorHarness harness_of(const WindowAggregateSettings& settings) {
  return OperatorHarness(make_window_aggregate(settings), {{settings.input, settings.partition}});
}

WindowAggregateSettings accepting(int64_t accept_us) {
  WindowAggregateSettings settings = sessions(minute_us, count_and_sum());
  settings.late.accept_us = accept_us;
  return settings;
}

TEST(SessionAggregate, Session_EndsTheGapBehindItsLastRow) {
  OperatorHarness harness = harness_of(sessions(minute_us, count_and_sum()));
  harness.rows("00:00:00 | a | 1\n 00:00:50 | a | 2\n 00:00:30 | b | 4").barrier();
  harness.rows("00:01:50.000001 | b | 8").watermark("00:01:50").barrier().watermark("00:01:51");
  harness.watermark("final");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.changes,
              ElementsAre("+I 00:00:30|00:01:30|b|1|4", "+I 00:00:00|00:01:50|a|2|3",
                          "+I 00:01:50.000001|00:02:50.000001|b|1|8"));
  EXPECT_EQ(result.counters.at("held"), 0);
  EXPECT_EQ(result.counters.at("dropped folded"), 4);
}

TEST(SessionAggregate, Session_TakesARowExactlyTheGapBehindAlsoAtItsWatermark) {
  OperatorHarness harness = harness_of(sessions(minute_us, count_and_sum()));
  harness.rows("00:00:00 | a | 1").watermark("00:01:00").rows("00:01:00 | a | 2");
  harness.watermark("final");
  EXPECT_THAT(harness.run().changes, ElementsAre("+I 00:00:00|00:02:00|a|2|3"));
}

TEST(SessionAggregate, Session_IsOneOfSeveralWhenARowComesBetween) {
  OperatorHarness harness =
      harness_of(sessions(minute_us, {count_rows(), distinct(call("count", 2, "int")),
                                      call("min", 2, "int"), call("max", 2, "int")}));
  harness.rows("00:00:00 | a | 1\n 00:01:30 | a | 2\n 00:03:00 | a | 1").barrier();
  harness.rows("00:00:45 | a | 3\n 00:02:15 | a | 2").watermark("final");
  EXPECT_THAT(harness.run().changes, ElementsAre("+I 00:00:00|00:04:00|a|5|3|1|3"));
}

TEST(SessionAggregate, Session_WithoutPartitionIsOfAllRowsAndGroupedInside) {
  WindowAggregateSettings settings = sessions(minute_us, count_and_sum());
  settings.partition = {};
  OperatorHarness harness = harness_of(settings);
  harness.rows("00:00:00 | a | 1\n 00:01:40 | b | 2\n 00:03:00 | a | 16\n 00:01:45 | a | 4");
  harness.barrier().rows("00:00:50 | b | 8").watermark("final");
  EXPECT_THAT(harness.run().folded,
              ElementsAre("00:00:00|00:02:45|a|2|5", "00:00:00|00:02:45|b|2|10",
                          "00:03:00|00:04:00|a|1|16"));
}

TEST(SessionAggregate, Late_RowBehindItsPartitionsWatermarkIsRefused) {
  OperatorHarness harness = harness_of(sessions(minute_us, count_and_sum()));
  harness.rows(R"(00:00:30 | a | 1
                  00:01:00 | a | 2 | @seen=00:01:00
                  00:00:59 | a | 4 | @seen=00:01:00)");
  harness.watermark("final");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I 00:00:30|00:02:00|a|2|3"));
  EXPECT_THAT(result.dead_letters,
              ElementsAre(R"(E3301 totals: {"ts":"2024-01-01T00:00:59Z","k":"a","v":4})"));
  EXPECT_EQ(result.counters.at("late"), 1);
}

TEST(SessionAggregate, Late_RowThatMeetsFreedSessionsIsRefusedWhateverWasAccepted) {
  WindowAggregateSettings settings = accepting(minute_us);
  settings.late.refuses = false;
  OperatorHarness harness = harness_of(settings).fold_by({0, 2});
  harness.watermark("00:05").rows("00:03:59 | a | 1 | @seen=00:09\n 00:04 | a | 2 | @seen=00:09");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.dead_letters, SizeIs(1));
  EXPECT_THAT(result.changes, IsEmpty());
}

TEST(SessionAggregate, Correction_SendsASessionAgainInItsPlace) {
  OperatorHarness harness = harness_of(accepting(10 * minute_us)).fold_by({0, 2});
  harness.rows("00:00:00 | a | 1").watermark("00:05");
  harness.rows("00:00:20 | a | 2 | @seen=00:05").watermark("00:05:10").watermark("final");
  EXPECT_THAT(harness.run().changes,
              ElementsAre("+I 00:00:00|00:01:00|a|1|1", "+U 00:00:00|00:01:20|a|2|3"));
}

TEST(SessionAggregate, Correction_TakesBackWhatHasBecomePartOfAnother) {
  OperatorHarness harness = harness_of(accepting(10 * minute_us)).fold_by({0, 2});
  harness.rows("00:00:00 | a | 1\n 00:01:30 | a | 2\n 00:01:31 | a | 4").watermark("00:05");
  harness.rows("00:00:45 | a | 8 | @seen=00:05").barrier().watermark("final");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.changes,
              ElementsAre("+I 00:00:00|00:01:00|a|1|1", "+I 00:01:30|00:02:31|a|2|6",
                          "-D 00:00:00|00:01:00|a|NULL|NULL", "-D 00:01:30|00:02:31|a|NULL|NULL",
                          "+U 00:00:00|00:02:31|a|4|15"));
  EXPECT_THAT(result.folded, ElementsAre("00:00:00|00:02:31|a|4|15"));
}

TEST(SessionAggregate, Correction_TakesBackASessionThatIsOpenAgainUntilItEnds) {
  OperatorHarness harness = harness_of(accepting(10 * minute_us)).fold_by({0, 2});
  harness.rows("00:00:00 | a | 1").watermark("00:01:30");
  harness.rows("00:00:50 | a | 2 | @seen=00:01:30").barrier().watermark("00:01:40");
  harness.rows("00:01:45 | a | 4").watermark("final");
  EXPECT_THAT(harness.run().changes,
              ElementsAre("+I 00:00:00|00:01:00|a|1|1", "-D 00:00:00|00:01:00|a|NULL|NULL",
                          "+I 00:00:00|00:02:45|a|3|7"));
}

TEST(SessionAggregate, Correction_ToldByTheEndMovesWithIt) {
  WindowAggregateSettings settings = accepting(10 * minute_us);
  settings.keys = {{WindowKey::Role::window_time, 0},
                   {WindowKey::Role::window_end, 0},
                   {WindowKey::Role::column, 1}};
  OperatorHarness harness = harness_of(settings).fold_by({1, 2});
  harness.rows("00:00:00 | a | 1").watermark("00:05");
  harness.rows("00:00:20 | a | 2 | @seen=00:05").watermark("final");
  EXPECT_THAT(harness.run().changes, ElementsAre("+I 00:00:59.999999|00:01:00|a|1|1",
                                                 "-D 00:00:59.999999|00:01:00|a|NULL|NULL",
                                                 "+U 00:01:19.999999|00:01:20|a|2|3"));
}

TEST(SessionAggregate, Every_ShowsRunningSessionsAndALastOneAtTheEnd) {
  WindowAggregateSettings settings = sessions(minute_us, count_and_sum());
  settings.emit_every_us = 10 * second_us;
  OperatorHarness harness = harness_of(settings).fold_by({0, 2});
  harness.rows("00:00:00 | a | 1").barrier("00:00:10");
  harness.rows("00:00:40 | a | 2").barrier("00:00:19").barrier("00:00:20");
  harness.barrier("00:00:30").watermark("final");
  EXPECT_THAT(harness.run_once().changes,
              ElementsAre("+U 00:00:00|00:01:00|a|1|1", "+U 00:00:00|00:01:40|a|2|3",
                          "+U 00:00:00|00:01:40|a|2|3"));
}

TEST(SessionAggregate, Every_ShowsWhatWasTakenBackInItsNewPlaceAtOnce) {
  WindowAggregateSettings settings = sessions(minute_us, count_and_sum());
  settings.emit_every_us = 10 * second_us;
  OperatorHarness harness = harness_of(settings).fold_by({0, 2});
  harness.rows("00:00:00 | a | 1\n 00:00:10 | a | 1\n 00:01:30 | a | 2").barrier("00:00:10");
  harness.rows("00:00:45 | a | 4").barrier("00:00:19");
  EXPECT_THAT(harness.run_once().changes,
              ElementsAre("+U 00:00:00|00:01:10|a|2|2", "+U 00:01:30|00:02:30|a|1|2",
                          "-D 00:01:30|00:02:30|a|NULL|NULL", "+U 00:00:00|00:02:30|a|4|8"));
}

TEST(SessionAggregate, Rows_WithoutUsableTimeAreDeadLetters) {
  OperatorHarness harness = harness_of(sessions(minute_us, {count_rows()}));
  harness.rows("NULL | a | 1\n infinity | a | 1\n 00:00:10 | NULL | 1").watermark("final");
  const HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I 00:00:10|00:01:10|NULL|1"));
  EXPECT_THAT(result.dead_letters, SizeIs(2));
}

// 50 sessions of ever new keys, of which each ends before the next, or none.
uint64_t memory_of(bool they_end) {
  OperatorHarness harness = harness_of(sessions(second_us, count_and_sum()));
  for (int i = 0; i < 50; ++i) {
    const std::string minute = (i < 10 ? "00:0" : "00:") + std::to_string(i);
    harness.rows(minute + ":00 | a key of many letters " + std::to_string(i) + " | 1");
    if (they_end) harness.watermark(minute + ":30");
    harness.barrier();
  }
  const HarnessResult result = harness.run_once();
  EXPECT_THAT(result.changes, SizeIs(they_end ? 50 : 0));
  return result.memory_bytes;
}

TEST(SessionAggregate, State_OfSessionsThatAreOverIsFreed) {
  EXPECT_LT(4 * memory_of(true), memory_of(false));
}

TEST(SessionAggregate, Budget_TooSmallStopsWithItsError) {
  OperatorHarness harness = harness_of(sessions(minute_us, count_and_sum())).budget(100);
  const HarnessResult result = harness.rows("00:00:00 | a | 1").run_once();
  ASSERT_TRUE(result.error.has_value());
  EXPECT_EQ(result.error->code, ErrorCode::budget_exceeded);
}

}  // namespace
}  // namespace sluice
