#include "runtime/checkpoint_schedule.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sluice::test {
namespace {

constexpr int64_t interval_us = 1'000'000;
constexpr int64_t start_us = 77'000'000;

TEST(CheckpointSchedule, FirstBarrierIsInTheSecondHalfOfTheInterval) {
  for (int i = 0; i < 1000; ++i) {
    const CheckpointSchedule schedule("sluice.p" + std::to_string(i), interval_us, start_us);
    ASSERT_GT(schedule.due_us(), start_us + interval_us / 2);
    ASSERT_LE(schedule.due_us(), start_us + interval_us);
    ASSERT_FALSE(schedule.is_due(schedule.due_us() - 1));
    ASSERT_TRUE(schedule.is_due(schedule.due_us()));
  }
}

TEST(CheckpointSchedule, PipelinesThatStartTogetherAreStaggered) {
  std::set<int64_t> hundredths;
  for (int i = 0; i < 100; ++i) {
    const CheckpointSchedule schedule("sluice.p" + std::to_string(i), interval_us, start_us);
    hundredths.insert(schedule.due_us() / (interval_us / 100));
  }
  // Fifty are possible; a hundred thrown at random hit 43 of them on average.
  EXPECT_GT(hundredths.size(), 35u);
}

TEST(CheckpointSchedule, OnePipelineHasTheSamePhaseInEveryRun) {
  const CheckpointSchedule first("sluice.trade", interval_us, start_us);
  const CheckpointSchedule second("sluice.trade", interval_us, start_us + 5);
  EXPECT_EQ(second.due_us(), first.due_us() + 5);
}

TEST(CheckpointSchedule, BarrierThatIsHeldUpDoesNotMoveThoseAfterIt) {
  CheckpointSchedule schedule("sluice.trade", interval_us, start_us);
  const int64_t first_us = schedule.due_us();
  schedule.begin(first_us);
  EXPECT_EQ(schedule.due_us(), first_us + interval_us);
  schedule.begin(first_us + interval_us + 300'000);
  EXPECT_EQ(schedule.due_us(), first_us + 2 * interval_us);
  // Those that were missed are not made up for.
  schedule.begin(first_us + 5 * interval_us + 1);
  EXPECT_EQ(schedule.due_us(), first_us + 6 * interval_us);
}

TEST(CheckpointSchedule, ShortestIntervalStillMovesOn) {
  CheckpointSchedule schedule("sluice.trade", 1, start_us);
  EXPECT_EQ(schedule.due_us(), start_us + 1);
  schedule.begin(start_us + 1);
  EXPECT_EQ(schedule.due_us(), start_us + 2);
}

}  // namespace
}  // namespace sluice::test
