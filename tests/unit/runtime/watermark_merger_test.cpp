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

TEST(WatermarkMerger, IsFinalWhenTheLastInputIs) {
  WatermarkMerger merger(2);
  static_cast<void>(merger.update(0, Watermark::final()));
  EXPECT_EQ(merger.update(1, Watermark::at(5)), Watermark::at(5));
  EXPECT_EQ(merger.update(1, Watermark::final()), Watermark::final());
}

}  // namespace
}  // namespace sluice
