#include "data/partition_clock.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(PartitionClock, WatermarkIsTheLargestEventTimeLessTheDisorder) {
  PartitionClock clock({.out_of_order_us = 10});
  EXPECT_EQ(clock.watermark_us(), PartitionClock::none);
  EXPECT_EQ(clock.observe(100), not_behind);
  EXPECT_EQ(clock.watermark_us(), 90);
  EXPECT_EQ(clock.observe(95), not_behind);
  EXPECT_EQ(clock.watermark_us(), 90);
}

TEST(PartitionClock, RowBehindTheWatermarkIsToldTheWatermarkBeforeIt) {
  PartitionClock clock({.out_of_order_us = 10});
  clock.observe(100);
  EXPECT_EQ(clock.observe(90), not_behind);
  EXPECT_EQ(clock.observe(89), 90);
  EXPECT_EQ(clock.watermark_us(), 90);
}

TEST(PartitionClock, RaisedClockNeverGoesBack) {
  PartitionClock clock({.out_of_order_us = 0}, 50);
  EXPECT_EQ(clock.observe(40), 50);
  clock.raise_to(70);
  EXPECT_EQ(clock.watermark_us(), 70);
  clock.raise_to(60);
  EXPECT_EQ(clock.watermark_us(), 70);
}

TEST(PartitionClock, RowFurtherAheadThanAllowedIsRefused) {
  const PartitionClock clock({.out_of_order_us = 0, .max_ahead_us = 100});
  EXPECT_FALSE(clock.is_too_far_ahead(1100, 1000));
  EXPECT_TRUE(clock.is_too_far_ahead(1101, 1000));
  EXPECT_FALSE(PartitionClock({}).is_too_far_ahead(INT64_MAX, 1000));
}

TEST(PartitionClock, ExtremeTimesDoNotOverflow) {
  PartitionClock clock({.out_of_order_us = 10});
  EXPECT_EQ(clock.observe(INT64_MIN), not_behind);
  EXPECT_EQ(clock.watermark_us(), PartitionClock::none);
  clock.observe(INT64_MAX);
  EXPECT_EQ(clock.watermark_us(), INT64_MAX - 10);
}

}  // namespace
}  // namespace sluice
