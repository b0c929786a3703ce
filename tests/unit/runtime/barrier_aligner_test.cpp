#include "runtime/barrier_aligner.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(BarrierAligner, HoldsInputThatIsAhead) {
  BarrierAligner aligner(2);
  EXPECT_FALSE(aligner.arrive(0, {Epoch(1), 0, false}).has_value());
  EXPECT_TRUE(aligner.is_held(0));
  EXPECT_FALSE(aligner.is_held(1));
}

TEST(BarrierAligner, ReleasesAllInputsWhenTheLastBarrierComes) {
  BarrierAligner aligner(3);
  static_cast<void>(aligner.arrive(2, {Epoch(7), 5, false}));
  static_cast<void>(aligner.arrive(0, {Epoch(7), 5, false}));
  const auto aligned = aligner.arrive(1, {Epoch(7), 5, true});
  ASSERT_TRUE(aligned.has_value());
  EXPECT_EQ(aligned->epoch, Epoch(7));
  for (size_t input = 0; input < 3; ++input) EXPECT_FALSE(aligner.is_held(input));
  EXPECT_FALSE(aligner.is_aligning());
}

TEST(BarrierAligner, AlignsASingleInputAtOnce) {
  BarrierAligner aligner(1);
  EXPECT_TRUE(aligner.arrive(0, {Epoch(1), 0, false}).has_value());
  EXPECT_TRUE(aligner.arrive(0, {Epoch(2), 0, false}).has_value());
}

}  // namespace
}  // namespace sluice
