#include "runtime/checkpoint_need.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

constexpr int64_t now_us = 1'000'000;

TEST(CheckpointNeed, NothingMovedNeedsNone) {
  CheckpointNeed need;
  EXPECT_FALSE(need.is_needed(0, now_us));
  need.begin(0);
  need.complete();
  EXPECT_FALSE(need.is_needed(0, now_us));
  EXPECT_FALSE(need.is_urgent());
}

TEST(CheckpointNeed, MovementSinceTheLastBarrierNeedsOne) {
  CheckpointNeed need;
  EXPECT_TRUE(need.is_needed(3, now_us));
  need.begin(3);
  need.complete();
  EXPECT_FALSE(need.is_needed(3, now_us));
  EXPECT_TRUE(need.is_needed(4, now_us));
  EXPECT_FALSE(need.is_urgent());
}

TEST(CheckpointNeed, AbandonedOneIsNeededAgainUntilOneIsDecided) {
  CheckpointNeed need;
  need.begin(3);
  EXPECT_TRUE(need.is_needed(3, now_us));
  need.begin(3);
  EXPECT_TRUE(need.is_needed(3, now_us));
  need.begin(3);
  need.complete();
  EXPECT_FALSE(need.is_needed(3, now_us));
}

TEST(CheckpointNeed, ChangesThatAreHeldBackNeedOneAtTheirTime) {
  CheckpointNeed need;
  need.note_next_emission(now_us);
  EXPECT_FALSE(need.is_needed(0, now_us - 1));
  EXPECT_TRUE(need.is_needed(0, now_us));
  EXPECT_FALSE(need.is_urgent());
  need.begin(0);
  need.complete();
  need.note_next_emission(INT64_MAX);
  EXPECT_FALSE(need.is_needed(0, now_us));
}

TEST(CheckpointNeed, StartToKeepIsUrgentOnce) {
  CheckpointNeed need;
  need.note_start_to_keep();
  EXPECT_TRUE(need.is_urgent());
  EXPECT_TRUE(need.is_needed(0, now_us));
  need.begin(0);
  // Abandoned, it is taken again when the next one is due.
  EXPECT_FALSE(need.is_urgent());
  EXPECT_TRUE(need.is_needed(0, now_us));
  need.complete();
  EXPECT_FALSE(need.is_needed(0, now_us));
}

}  // namespace
}  // namespace sluice::test
