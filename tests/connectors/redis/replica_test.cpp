// wait_replicas: nothing counts as written until so many replicas have it.
#include <gtest/gtest.h>

#include "connectors/battery/patience.hpp"
#include "connectors/battery/world.hpp"
#include "support/redis.hpp"

namespace sluice::test {
namespace {

class RedisReplica : public testing::Test {
 protected:
  RedisReplica() {
    Redis(primary_).command({"CONFIG", "SET", "repl-diskless-sync-delay", "0"});
    world_.open_place(BatteryWorld::schema());
  }
  // Makes the second server a replica of the first, and waits until it follows it.
  void follow() {
    const std::string address = primary_.redis_addr();
    const size_t colon = address.rfind(':');
    Redis replica(replica_);
    replica.command({"REPLICAOF", address.substr(0, colon), address.substr(colon + 1)});
    Redis primary(primary_);
    for (int attempt = 0; attempt < 300; ++attempt) {
      primary.command({"SET", "tests:probe", std::to_string(attempt)});
      if (primary.command({"WAIT", "1", "100"}).text == "1") return;
    }
    FAIL() << "the replica does not follow";
  }
  std::unique_ptr<Publisher> publisher(const std::string& owner, int replicas) {
    return world_.publisher_by("{url: \"redis://" + primary_.redis_addr() +
                                   "/0\", timeout: 1s, wait_replicas: " + std::to_string(replicas) +
                                   "}",
                               owner);
  }
  static void expect_waiting(const Error& error) {
    EXPECT_EQ(error.code, ErrorCode::publish_failed) << error.to_string();
    EXPECT_EQ(error.retry, Retry::later);
    EXPECT_NE(error.message.find("0 of the 1 replicas"), std::string::npos) << error.message;
  }
  // Epoch 1 with rows 1 and 2, on the primary and on the replica.
  void publish_first(Publisher& publisher) {
    const auto claimed = in_the_end([&] { return world_.start(publisher); });
    ASSERT_TRUE(claimed.has_value()) << claimed.error().to_string();
    const auto outcome = world_.publish(publisher, "o1", 1, world_.numbered(1, 2));
    ASSERT_TRUE(outcome.has_value()) << outcome.error().to_string();
    EXPECT_EQ(marker_text(in_the_end([&] { return publisher.resolve(); })),
              "u1/o1 epoch 1 checksum 101");
  }
  std::vector<std::string> shown_by_replica() {
    std::vector<std::string> keys;
    Redis replica(replica_);
    for (const RedisReply& key : replica.command({"KEYS", world_.driver().place() + "*"}).parts)
      keys.push_back(*key.text);
    return keys;
  }

  TestServers primary_;
  TestServers replica_;
  BatteryWorld world_{make_redis_driver(primary_)};
};

TEST_F(RedisReplica, ThatIsMissingKeepsTheTargetFromBeingClaimed) {
  const auto waiting = publisher("o1", 1);
  const auto claimed = world_.start(*waiting);
  ASSERT_FALSE(claimed.has_value());
  expect_waiting(claimed.error());
  follow();
  EXPECT_EQ(marker_text(in_the_end([&] { return world_.start(*waiting); })),
            "u1/o1 epoch 0 checksum 0");
}

TEST_F(RedisReplica, ThatDoesNotAnswerKeepsAnEpochFromBeingPublished) {
  follow();
  const auto waiting = publisher("o1", 1);
  publish_first(*waiting);
  EXPECT_EQ(shown_by_replica().size(), 2u);
  replica_.freeze(Server::redis);
  const auto second = world_.publish(*waiting, "o1", 2, world_.numbered(3, 2));
  ASSERT_TRUE(second.has_value()) << second.error().to_string();
  EXPECT_EQ(*second, PublishOutcome::unknown);
  const auto asked = waiting->resolve();
  ASSERT_FALSE(asked.has_value()) << "the primary's marker alone is no answer";
  expect_waiting(asked.error());
  replica_.thaw(Server::redis);
  EXPECT_EQ(marker_text(in_the_end([&] { return waiting->resolve(); })),
            "u1/o1 epoch 2 checksum 102");
  EXPECT_EQ(shown_by_replica().size(), 4u);
}

// What a process left that died while it waited: its successor must not take the epoch for safe.
TEST_F(RedisReplica, ThatLacksThePredecessorsEpochKeepsTheSuccessorWaiting) {
  follow();
  const auto first = publisher("o1", 1);
  ASSERT_TRUE(in_the_end([&] { return world_.start(*first); }).has_value());
  replica_.freeze(Server::redis);
  const auto outcome = world_.publish(*first, "o1", 1, world_.numbered(1, 2));
  ASSERT_TRUE(outcome.has_value() && *outcome == PublishOutcome::unknown);
  const auto second = publisher("o2", 1);
  const auto claimed = world_.start(*second);
  ASSERT_FALSE(claimed.has_value());
  expect_waiting(claimed.error());
  replica_.thaw(Server::redis);
}

TEST_F(RedisReplica, IsWaitedForByTheFlushOfAnAtLeastOncePipeline) {
  const auto waiting = publisher("o1", 1);
  EXPECT_TRUE(waiting->flush().has_value()) << "nothing was written";
  for (const auto& [sink, bytes] : world_.numbered(1, 2))
    ASSERT_TRUE(waiting->write_through(sink, world_.definition(), bytes).has_value());
  const Status flushed = waiting->flush();
  ASSERT_FALSE(flushed.has_value());
  expect_waiting(flushed.error());
  follow();
  EXPECT_TRUE(in_the_end([&] { return waiting->flush(); }).has_value());
  EXPECT_EQ(shown_by_replica().size(), 2u);
}

TEST_F(RedisReplica, IsNotWaitedForUnlessAsked) {
  const auto publisher_alone = publisher("o1", 0);
  ASSERT_TRUE(world_.start(*publisher_alone).has_value());
  const auto outcome = world_.publish(*publisher_alone, "o1", 1, world_.numbered(1, 2));
  EXPECT_TRUE(outcome.has_value() && *outcome == PublishOutcome::published);
}

}  // namespace
}  // namespace sluice::test
