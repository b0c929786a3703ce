#include "runtime/watermark_tracker.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

constexpr int64_t second_us = 1'000'000;

class WatermarkTrackerTest : public testing::Test {
 protected:
  size_t add(size_t scan = 0) { return tracker.add_partition(scan, INT64_MIN, false); }
  void progress(size_t partition, int64_t watermark_us, size_t scan = 0) {
    raised = tracker.activate(scan, partition);
    tracker.report(scan, partition, watermark_us);
  }

  VirtualClock clock{0};
  WatermarkTracker tracker{
      {{"orders", true, 60 * second_us}, {"details", true, 60 * second_us}, {"states", false, 0}},
      clock};
  std::optional<int64_t> raised;
};

TEST_F(WatermarkTrackerTest, SaysNothingBeforeEveryPartitionHasSeenAnEvent) {
  add();
  add();
  progress(0, 10);
  EXPECT_EQ(tracker.current(0), std::nullopt);
  progress(1, 5);
  EXPECT_EQ(tracker.current(0), Watermark::at(5));
}

TEST_F(WatermarkTrackerTest, WaitsForThePartitionsOfTasksThatStartLate) {
  tracker.expect_partitions(0, 2);
  EXPECT_FALSE(tracker.all_finished());
  add();
  progress(0, 10);
  tracker.finish(0, 0);
  EXPECT_EQ(tracker.current(0), std::nullopt);
  EXPECT_FALSE(tracker.all_finished());
  EXPECT_FALSE(tracker.all_reached_end());
  add();
  progress(1, 5);
  EXPECT_EQ(raised, std::nullopt);
  EXPECT_EQ(tracker.current(0), Watermark::at(5));
}

TEST_F(WatermarkTrackerTest, LeavesOutAPartitionThatIsAtItsEndAndSilent) {
  add();
  add();
  progress(0, 10);
  progress(1, 5);
  tracker.reached_end(0, 1);
  clock.advance_us(59 * second_us);
  EXPECT_EQ(tracker.current(0), Watermark::at(5));
  clock.advance_us(second_us);
  EXPECT_EQ(tracker.current(0), Watermark::at(10));
}

TEST_F(WatermarkTrackerTest, NeverCallsAPartitionIdleThatHasNotReachedItsEnd) {
  add();
  add();
  progress(0, 10);
  progress(1, 5);
  clock.advance_us(600 * second_us);
  EXPECT_EQ(tracker.current(0), Watermark::at(5));
}

TEST_F(WatermarkTrackerTest, RaisesAWakingPartitionToTheHighestWatermarkIssued) {
  add();
  add();
  progress(0, 10);
  progress(1, 5);
  tracker.reached_end(0, 1);
  clock.advance_us(60 * second_us);
  static_cast<void>(tracker.current(0));
  progress(1, 10);
  EXPECT_EQ(raised, 10);
}

TEST_F(WatermarkTrackerTest, RaisesAWakingSourceToThePipelinesWatermark) {
  add(0);
  add(1);
  progress(0, 5, 0);
  progress(0, 100, 1);
  static_cast<void>(tracker.current(0));
  static_cast<void>(tracker.current(1));
  tracker.reached_end(0, 0);
  clock.advance_us(60 * second_us);
  EXPECT_EQ(tracker.current(0), Watermark::idle());
  EXPECT_EQ(tracker.issued(0), 5);
  progress(0, 120, 1);
  static_cast<void>(tracker.current(1));
  progress(0, 6, 0);
  EXPECT_EQ(raised, 120);
}

TEST_F(WatermarkTrackerTest, StandsAtTheFurthestPartitionWhenTheLastFallsQuiet) {
  add();
  add();
  progress(0, 10);
  progress(1, 5);
  tracker.reached_end(0, 0);
  tracker.reached_end(0, 1);
  clock.advance_us(60 * second_us);
  EXPECT_EQ(tracker.current(0), Watermark::idle());
  EXPECT_EQ(tracker.issued(0), 10);
  progress(1, 6);
  EXPECT_EQ(raised, 10);
}

TEST_F(WatermarkTrackerTest, RaisesAllThatWakeToWhereTheirSourceWoke) {
  tracker.restore_issued(1, 100);
  tracker.add_partition(0, 5, true);
  tracker.add_partition(0, 6, true);
  tracker.add_partition(1, 100, true);
  progress(0, 7);
  EXPECT_EQ(raised, 100);
  progress(1, 8);
  EXPECT_EQ(raised, 100);
}

TEST_F(WatermarkTrackerTest, FindsAfterARestoreWhereThePipelineStood) {
  tracker.restore_issued(0, 5);
  tracker.restore_issued(1, 90);
  tracker.add_partition(0, 5, true);
  tracker.add_partition(1, 100, false);
  progress(0, 6, 0);
  EXPECT_EQ(raised, 100);
}

TEST_F(WatermarkTrackerTest, IsNotHeldBackByASourceThatIsFinished) {
  add(0);
  add(1);
  progress(0, 5, 0);
  progress(0, 100, 1);
  static_cast<void>(tracker.current(1));
  tracker.finish(0, 0);
  EXPECT_EQ(tracker.current(0), Watermark::final());
  EXPECT_EQ(tracker.stands_at(), 100);
}

TEST_F(WatermarkTrackerTest, NeverGoesBackWhenAPartitionIsAdded) {
  add();
  progress(0, 10);
  EXPECT_EQ(tracker.current(0), Watermark::at(10));
  add();
  EXPECT_EQ(tracker.current(0), Watermark::at(10));
  progress(1, 10);
  EXPECT_EQ(raised, 10);
}

TEST_F(WatermarkTrackerTest, IsFinalWhenEveryPartitionIsFinished) {
  add();
  progress(0, 10);
  tracker.finish(0, 0);
  EXPECT_EQ(tracker.current(0), Watermark::final());
}

TEST_F(WatermarkTrackerTest, KeepsAScanWithoutEventTimeFromHoldingOthersBack) {
  add(2);
  EXPECT_EQ(tracker.current(2), Watermark::idle());
}

TEST_F(WatermarkTrackerTest, HoldsAPartitionFarAheadOfOneThatIsCatchingUp) {
  add();
  add();
  progress(0, WatermarkTracker::max_drift_us + 2);
  progress(1, 1);
  EXPECT_TRUE(tracker.is_held(0, 0));
  EXPECT_FALSE(tracker.is_held(0, 1));
  tracker.reached_end(0, 1);
  EXPECT_FALSE(tracker.is_held(0, 0));
}

}  // namespace
}  // namespace sluice
