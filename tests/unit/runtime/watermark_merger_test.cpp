#include "runtime/watermark_merger.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(WatermarkMerger, WaitsUntilEveryInputHasSpoken) {
  WatermarkMerger merger(2);
  EXPECT_FALSE(merger.update(0, Watermark::at(10)).has_value());
  EXPECT_EQ(merger.update(1, Watermark::at(4)), Watermark::at(4));
}

TEST(WatermarkMerger, TakesTheMinimumOfInputsThatAreNotIdle) {
  WatermarkMerger merger(2);
  static_cast<void>(merger.update(0, Watermark::at(10)));
  EXPECT_EQ(merger.update(1, Watermark::idle()), Watermark::at(10));
  EXPECT_EQ(merger.update(0, Watermark::at(12)), Watermark::at(12));
}

TEST(WatermarkMerger, NeverGoesBackWhenAnIdleInputWakesBehind) {
  WatermarkMerger merger(2);
  static_cast<void>(merger.update(0, Watermark::at(10)));
  static_cast<void>(merger.update(1, Watermark::idle()));
  EXPECT_FALSE(merger.update(1, Watermark::at(3)).has_value());
  EXPECT_EQ(merger.update(1, Watermark::idle()), std::nullopt);
}

TEST(WatermarkMerger, IsIdleWhenAllInputsAre) {
  WatermarkMerger merger(2);
  static_cast<void>(merger.update(0, Watermark::idle()));
  EXPECT_EQ(merger.update(1, Watermark::idle()), Watermark::idle());
}

TEST(WatermarkMerger, StandsAtTheFurthestOfIdleInputsWhicheverFellQuietFirst) {
  for (const size_t first : {0, 1}) {
    WatermarkMerger merger(2);
    static_cast<void>(merger.update(0, Watermark::at(10)));
    static_cast<void>(merger.update(1, Watermark::at(4)));
    static_cast<void>(merger.update(first, Watermark::idle()));
    EXPECT_EQ(merger.update(1 - first, Watermark::idle()), Watermark::idle());
    EXPECT_EQ(merger.stands_at(), 10);
  }
}

TEST(WatermarkMerger, IsNotFinalWhileAnIdleInputMayWake) {
  WatermarkMerger merger(2);
  static_cast<void>(merger.update(0, Watermark::at(10)));
  static_cast<void>(merger.update(1, Watermark::at(4)));
  static_cast<void>(merger.update(1, Watermark::idle()));
  EXPECT_EQ(merger.update(0, Watermark::final()), Watermark::idle());
  EXPECT_EQ(merger.stands_at(), 10);
  EXPECT_EQ(merger.update(1, Watermark::at(12)), Watermark::at(12));
  EXPECT_EQ(merger.update(1, Watermark::final()), Watermark::final());
}

TEST(WatermarkMerger, IsFinalWhenTheLastInputIs) {
  WatermarkMerger merger(2);
  static_cast<void>(merger.update(0, Watermark::final()));
  EXPECT_EQ(merger.update(1, Watermark::at(5)), Watermark::at(5));
  EXPECT_EQ(merger.update(1, Watermark::final()), Watermark::final());
}

}  // namespace
}  // namespace sluice
