#include <gmock/gmock.h>

#include "unit/checkpoint/coordinator_harness.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Coordinator_FreshFolder, StartsAtEpochOneWithNothingRestored) {
  CoordinatorHarness harness;
  const auto coordinator = harness.open();
  EXPECT_FALSE(coordinator->restored().has_value());
  EXPECT_EQ(coordinator->current_epoch(), Epoch(1));
  EXPECT_TRUE(coordinator->may_begin());
  ASSERT_TRUE(harness.target("one").marker().has_value());
  EXPECT_EQ(harness.target("one").marker()->epoch, Epoch(0));
}

TEST(Coordinator_Checkpoint, PublishesOnlyAfterTheDecision) {
  CoordinatorHarness harness;
  const auto coordinator = harness.open();
  ASSERT_TRUE(harness.spool(*coordinator, 0, {"a", "b"}));
  ASSERT_TRUE(harness.spool(*coordinator, 1, {"x"}));
  EXPECT_THAT(harness.shown("one"), IsEmpty());
  const Status decided = harness.checkpoint(*coordinator, 10);
  ASSERT_TRUE(decided) << decided.error().to_string();
  EXPECT_TRUE(coordinator->wait_published(0));
  EXPECT_THAT(harness.shown("one"), ElementsAre("a", "b"));
  EXPECT_THAT(harness.shown("two"), ElementsAre("x"));
  EXPECT_EQ(harness.target("one").marker()->epoch, Epoch(1));
}

TEST(Coordinator_Restart, RestoresProgressAndState) {
  CoordinatorHarness harness;
  {
    const auto coordinator = harness.open();
    ASSERT_TRUE(harness.spool(*coordinator, 0, {"a"}));
    ASSERT_TRUE(harness.checkpoint(*coordinator, 10));
    ASSERT_TRUE(harness.checkpoint(*coordinator, 20));
    EXPECT_TRUE(coordinator->wait_published(0));
  }
  const auto coordinator = harness.open();
  ASSERT_TRUE(coordinator->restored().has_value());
  EXPECT_EQ(coordinator->restored()->epoch, Epoch(2));
  EXPECT_EQ(coordinator->restored()->progress, CoordinatorHarness::progress_at(20));
  EXPECT_EQ(coordinator->current_epoch(), Epoch(3));
  std::vector<std::string> state;
  ASSERT_TRUE(coordinator->read_state([&](std::string_view id, const StateEntry& entry) -> Status {
    state.push_back(std::string(id) + " " + std::string(entry.key) + "=" +
                    std::string(entry.value));
    return {};
  }));
  EXPECT_THAT(state, ElementsAre("step/count offset=20"));
  EXPECT_THAT(harness.shown("one"), ElementsAre("a"));
}

}  // namespace
}  // namespace sluice::test
