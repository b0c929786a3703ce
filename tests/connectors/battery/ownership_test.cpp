// One owner at a time, and attempts that are cut off: whoever comes next finds each epoch there
// once, or not at all and publishes it.
#include "connectors/battery/battery.hpp"

namespace sluice::test {
namespace {

class Ownership : public ConnectorBattery {
 protected:
  void SetUp() override { world_.open_place(BatteryWorld::schema()); }

  // What the engine learns from an attempt that must not have succeeded: the attempt's own error,
  // or, without a definite answer, the one of asking.
  static Error error_of(const Result<PublishOutcome>& outcome, Publisher& publisher) {
    if (!outcome) return outcome.error();
    if (*outcome == PublishOutcome::published)
      return {ErrorCode::internal, "it was published", Retry::never, {}};
    const auto resolved = publisher.resolve();
    if (!resolved) return resolved.error();
    return {ErrorCode::internal, "resolve found " + marker_text(resolved), Retry::never, {}};
  }

  // Epoch by owner "o1" after somebody else has claimed: not published, and fenced in the end.
  void expect_fenced(Publisher& old, uint64_t epoch) {
    const auto outcome = world_.publish(old, "o1", epoch, world_.numbered(100, 2));
    const Error error = error_of(outcome, old);
    // Any error makes the engine ask before it goes on.
    if (error.code != ErrorCode::fenced) {
      EXPECT_EQ(error.retry, Retry::later) << error.to_string();
    }
    const auto resolved = old.resolve();
    ASSERT_FALSE(resolved.has_value()) << marker_text(resolved);
    EXPECT_EQ(resolved.error().code, ErrorCode::fenced) << resolved.error().to_string();
    EXPECT_EQ(resolved.error().retry, Retry::never);
  }
};

TEST_P(Ownership, TheOldOwnerIsFencedBeforeItsFirstEpoch) {
  const auto old = world_.publisher("o1");
  ASSERT_TRUE(world_.start(*old).has_value());
  const auto owner = world_.publisher("o2");
  EXPECT_EQ(marker_text(world_.start(*owner)), "u1/o2 epoch 0 checksum 0");
  expect_fenced(*old, 1);
  expect_published(world_.publish(*owner, "o2", 1, world_.numbered(1, 2)));
  EXPECT_EQ(world_.driver().shown(), rows(1, 2));
}

// The old owner has published before, so that it may hold what it warmed up for its next epoch.
TEST_P(Ownership, TheOldOwnerIsFencedInTheMiddleOfItsLifeAndTheNewOneUnharmed) {
  const auto old = world_.publisher("o1");
  ASSERT_TRUE(world_.start(*old).has_value());
  expect_published(world_.publish(*old, "o1", 1, world_.numbered(1, 2)));
  const auto owner = world_.publisher("o2");
  EXPECT_EQ(marker_text(world_.start(*owner)), "u1/o2 epoch 1 checksum 101");
  expect_published(world_.publish(*owner, "o2", 2, world_.numbered(3, 2)));
  expect_fenced(*old, 2);
  expect_published(world_.publish(*owner, "o2", 3, world_.numbered(5, 2)));
  expect_fenced(*old, 2);
  expect_fenced(*old, 4);
  expect_published(world_.publish(*owner, "o2", 4, world_.numbered(7, 2)));
  EXPECT_EQ(world_.driver().shown(), rows(1, 8));
}

// The old owner asks, and is frozen between the answer and what it does with it.
TEST_P(Ownership, TheOldOwnerIsFencedAfterItHasAsked) {
  const auto old = world_.publisher("o1");
  ASSERT_TRUE(world_.start(*old).has_value());
  ASSERT_TRUE(old->resolve().has_value());
  const auto owner = world_.publisher("o2");
  ASSERT_TRUE(world_.start(*owner).has_value());
  expect_published(world_.publish(*owner, "o2", 1, world_.numbered(1, 2)));
  expect_fenced(*old, 1);
  expect_published(world_.publish(*owner, "o2", 2, world_.numbered(3, 2)));
  EXPECT_EQ(world_.driver().shown(), rows(1, 4));
}

TEST_P(Ownership, AClaimOfWhatIsNotThereAnyMoreIsRefusedOrSeesTheTruth) {
  const auto first = world_.publisher("o1");
  ASSERT_TRUE(world_.start(*first).has_value());
  const auto second = world_.publisher("o2");
  const auto seen = second->look();
  ASSERT_TRUE(seen.has_value());
  expect_published(world_.publish(*first, "o1", 1, world_.numbered(1, 2)));
  const auto claimed = second->claim(*seen);
  if (!claimed) {
    EXPECT_EQ(claimed.error().retry, Retry::later) << claimed.error().to_string();
  } else {
    EXPECT_EQ(marker_text(claimed), "u1/o2 epoch 1 checksum 101");
  }
}

// Two folders of one name start at once on a new target: the second must not throw the first out.
TEST_P(Ownership, AClaimOfWhatAnotherFolderTookFirstIsRefusedAndHarmsNobody) {
  const auto late = world_.publisher("o2", "u2");
  const auto seen = late->look();
  ASSERT_TRUE(seen.has_value());
  const auto first = world_.publisher("o1");
  ASSERT_TRUE(world_.start(*first).has_value());
  const auto claimed = late->claim(*seen);
  ASSERT_FALSE(claimed.has_value());
  EXPECT_EQ(claimed.error().code, ErrorCode::target_refused) << claimed.error().to_string();
  expect_published(world_.publish(*first, "o1", 1, world_.numbered(1, 2)));
  EXPECT_EQ(marker_text(first->resolve()), "u1/o1 epoch 1 checksum 101");
}

// Of a run that never began. Its owner, should it live, is fenced as any other.
TEST_P(Ownership, AMarkerThatAnotherFolderLeftUnusedIsTakenOver) {
  const auto first = world_.publisher("o1", "u2");
  ASSERT_TRUE(world_.start(*first).has_value());
  const auto next = world_.publisher("o2");
  EXPECT_EQ(marker_text(world_.start(*next)), "u1/o2 epoch 0 checksum 0");
  expect_published(world_.publish(*next, "o2", 1, world_.numbered(1, 2)));
  EXPECT_EQ(world_.driver().shown(), rows(1, 2));
  const auto resolved = first->resolve();
  ASSERT_FALSE(resolved.has_value());
  EXPECT_EQ(resolved.error().code, ErrorCode::fenced) << resolved.error().to_string();
  EXPECT_EQ(marker_text(world_.publisher("o3")->look().value().value()),
            "u1/o2 epoch 1 checksum 101");
}

TEST_P(Ownership, AMarkerThatAnotherFolderUsedMeanwhileIsNotTakenOver) {
  const auto first = world_.publisher("o1");
  ASSERT_TRUE(world_.start(*first).has_value());
  const auto late = world_.publisher("o2", "u2");
  const auto seen = late->look();
  ASSERT_TRUE(seen.has_value());
  expect_published(world_.publish(*first, "o1", 1, world_.numbered(1, 2)));
  const auto claimed = late->claim(*seen);
  ASSERT_FALSE(claimed.has_value());
  EXPECT_EQ(claimed.error().code, ErrorCode::target_refused) << claimed.error().to_string();
  expect_published(world_.publish(*first, "o1", 2, world_.numbered(3, 2)));
  EXPECT_EQ(world_.driver().shown(), rows(1, 4));
}

// The process dies there: nothing of it lives on but what the server still holds.
TEST_P(Ownership, AnAttemptThatDiesBeforeItsCommitLeavesNothing) {
  uint64_t epoch = 1;
  for (const Failpoint point : world_.driver().points_before_commit()) {
    SCOPED_TRACE(point.name);
    const std::string owner = "o" + std::to_string(epoch);
    {
      const auto dying = world_.publisher(owner);
      ASSERT_TRUE(world_.start(*dying).has_value());
      world_.failpoints().arm(point, Failpoints::Action::error);
      const auto outcome = world_.publish(*dying, owner, epoch, world_.numbered(1000, 3));
      EXPECT_FALSE(outcome.has_value() && *outcome == PublishOutcome::published);
    }
    const auto next = world_.publisher(owner + "b");
    EXPECT_EQ(marker_text(world_.start(*next)),
              marker_text(BatteryWorld::marker(owner + "b", epoch - 1)));
    const auto id = static_cast<int64_t>(epoch) * 2 - 1;
    expect_published(world_.publish(*next, owner + "b", epoch, world_.numbered(id, 2)));
    EXPECT_EQ(world_.driver().shown(), rows(1, id + 1));
    ++epoch;
  }
}

TEST_P(Ownership, AnAttemptThatFailsBeforeItsCommitIsRepeatedByTheSameProcess) {
  const auto publisher = world_.publisher("o1");
  ASSERT_TRUE(world_.start(*publisher).has_value());
  uint64_t epoch = 1;
  for (const Failpoint point : world_.driver().points_before_commit()) {
    SCOPED_TRACE(point.name);
    world_.failpoints().arm(point, Failpoints::Action::error);
    const auto id = static_cast<int64_t>(epoch) * 2 - 1;
    EXPECT_FALSE(world_.publish(*publisher, "o1", epoch, world_.numbered(id, 2)).has_value());
    EXPECT_EQ(marker_text(publisher->resolve()),
              marker_text(BatteryWorld::marker("o1", epoch - 1)));
    expect_published(world_.publish(*publisher, "o1", epoch, world_.numbered(id, 2)));
    EXPECT_EQ(world_.driver().shown(), rows(1, id + 1));
    ++epoch;
  }
}

TEST_P(Ownership, AnAnswerThatIsLostAfterTheCommitIsFoundByAsking) {
  uint64_t epoch = 1;
  for (const Failpoint point : world_.driver().points_after_commit()) {
    SCOPED_TRACE(point.name);
    const std::string owner = "o" + std::to_string(epoch);
    const auto publisher = world_.publisher(owner);
    ASSERT_TRUE(world_.start(*publisher).has_value());
    world_.failpoints().arm(point, Failpoints::Action::error);
    const auto id = static_cast<int64_t>(epoch) * 2 - 1;
    const auto outcome = world_.publish(*publisher, owner, epoch, world_.numbered(id, 2));
    ASSERT_TRUE(outcome.has_value()) << outcome.error().to_string();
    EXPECT_EQ(*outcome, PublishOutcome::unknown);
    EXPECT_EQ(marker_text(publisher->resolve()), marker_text(BatteryWorld::marker(owner, epoch)));
    EXPECT_EQ(world_.driver().shown(), rows(1, id + 1));
    ++epoch;
  }
}

INSTANTIATE_TEST_SUITE_P(Real, Ownership,
                         testing::Values(BatteryConnector{"file", make_file_driver},
                                         BatteryConnector{"kafka", make_kafka_driver},
                                         BatteryConnector{"postgres", make_postgres_driver},
                                         BatteryConnector{"redis", make_redis_driver}),
                         connector_name);

}  // namespace
}  // namespace sluice::test
