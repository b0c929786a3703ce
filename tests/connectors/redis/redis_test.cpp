// What only Redis does: hashes and strings, absolute expiry, keys of another type, chunks with a
// marker in the middle of an epoch, servers that cannot keep a marker.
#include <gtest/gtest.h>

#include "connectors/battery/world.hpp"
#include "connectors/redis/failpoints.hpp"
#include "connectors/redis/redis_marker.hpp"
#include "support/redis.hpp"
#include "support/test_rows.hpp"

namespace sluice::test {
namespace {

class RedisTarget : public testing::Test {
 protected:
  // Operations of a sink with these options over (id bigint, v text, w text).
  Operations encode(const std::string& options, std::string_view rows,
                    std::vector<RowRejection>* rejections = nullptr) {
    const SchemaPtr schema = schema_of("id bigint, v text, w text");
    auto description =
        world_.make_sink(schema, world_.driver().connection(), options, SinkMode::upsert);
    EXPECT_TRUE(description.has_value()) << description.error().to_string();
    const auto sink = (*description)->create();
    static const TimeZone utc;
    EXPECT_TRUE((*sink)->open({world_.environment(), &utc}).has_value());
    Operations operations;
    OperationCollector collector(0, operations);
    std::vector<RowRejection> rejected;
    EXPECT_TRUE((*sink)->encode(read_rows(schema, rows), collector, rejected).has_value());
    EXPECT_TRUE(rejections != nullptr || rejected.empty());
    if (rejections != nullptr) *rejections = std::move(rejected);
    return operations;
  }
  std::string text(const std::vector<std::string>& command) {
    return redis_.command(command).text.value_or("nil");
  }
  std::vector<std::string> hash(const std::string& key) {
    std::vector<std::string> parts;
    for (const RedisReply& part : redis_.command({"HGETALL", key}).parts)
      parts.push_back(*part.text);
    return parts;
  }
  uint64_t operations_done() {
    const auto marker = redis::decode_marker(text({"GET", "sluice:marker:" + world_.target_id()}));
    EXPECT_TRUE(marker.has_value()) << marker.error().to_string();
    return marker ? marker->operations_done : 0;
  }
  void start() { ASSERT_TRUE(world_.start(*publisher_).has_value()); }
  void publish(uint64_t epoch, const Operations& operations) {
    const auto outcome = world_.publish(*publisher_, "o1", epoch, operations);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().to_string();
    ASSERT_EQ(*outcome, PublishOutcome::published);
  }

  BatteryWorld world_{make_redis_driver(shared_servers())};
  Redis redis_{shared_servers()};
  std::string prefix_ = unique_name("r") + ":";
  std::unique_ptr<Publisher> publisher_ = world_.publisher("o1");
};

using Parts = std::vector<std::string>;

TEST_F(RedisTarget, AHashHoldsTheColumnsOutsideTheKeyAndDropsThoseThatBecomeNull) {
  const std::string options = "{type: hash, key: \"" + prefix_ + "{id}\"}";
  start();
  publish(1, encode(options, "1|a|b\n2|c|NULL"));
  EXPECT_EQ(hash(prefix_ + "1"), (Parts{"v", "a", "w", "b"}));
  EXPECT_EQ(hash(prefix_ + "2"), (Parts{"v", "c"}));
  publish(2, encode(options, "+U 1|NULL|b2\n-D 2|c|NULL"));
  EXPECT_EQ(hash(prefix_ + "1"), (Parts{"w", "b2"}));
  EXPECT_EQ(text({"EXISTS", prefix_ + "2"}), "0");
}

TEST_F(RedisTarget, AStringHoldsItsOneColumn) {
  const std::string options = "{type: string, key: \"" + prefix_ + "{id}:{v}\", value: w}";
  start();
  publish(1, encode(options, "1|a|one\n2|b|NULL"));
  EXPECT_EQ(text({"GET", prefix_ + "1:a"}), "one");
  EXPECT_EQ(text({"GET", prefix_ + "2:b"}), "");
}

TEST_F(RedisTarget, ExpiryIsAnAbsoluteTimeSoThatASecondWriteChangesNothing) {
  const Operations operations =
      encode("{type: hash, key: \"" + prefix_ + "{id}\", expire: 1h}", "1|a|b");
  const int64_t encoded_ms = SystemClock().now_us() / 1000;
  start();
  publish(1, operations);
  const std::string first = text({"PEXPIRETIME", prefix_ + "1"});
  EXPECT_NEAR(static_cast<double>(std::stoll(first)), static_cast<double>(encoded_ms + 3'600'000),
              10'000);
  publish(2, operations);
  EXPECT_EQ(text({"PEXPIRETIME", prefix_ + "1"}), first);
}

TEST_F(RedisTarget, RowsThatDifferHaveKeysOfTheirOwn) {
  const std::string options = "{key: \"" + prefix_ + "{v}:{w}\"}";
  start();
  publish(1, encode(options, "1|a:b|c\n2|a|b:c\n3||b:c"));
  EXPECT_EQ(hash(prefix_ + "a\\:b:c"), (Parts{"id", "1"}));
  EXPECT_EQ(hash(prefix_ + "a:b:c"), (Parts{"id", "2"}));
  EXPECT_EQ(hash(prefix_ + ":b:c"), (Parts{"id", "3"}));
  publish(2, encode(options, "-D 2|a|b:c"));
  EXPECT_EQ(hash(prefix_ + "a\\:b:c"), (Parts{"id", "1"}));
  EXPECT_EQ(text({"EXISTS", prefix_ + "a:b:c"}), "0");
}

TEST_F(RedisTarget, ANullInTheKeyIsRejectedBeforeTheSpool) {
  std::vector<RowRejection> rejected;
  const Operations operations =
      encode("{type: hash, key: \"" + prefix_ + "{id}:{v}\"}", "1|NULL|b\n2|x|y", &rejected);
  ASSERT_EQ(rejected.size(), 1u);
  EXPECT_EQ(rejected[0].row, 0u);
  EXPECT_EQ(rejected[0].error.code, ErrorCode::key_is_null);
  EXPECT_EQ(operations.size(), 1u);
}

TEST_F(RedisTarget, AKeyOfAnotherTypeIsARejectAndTheOthersAreWritten) {
  redis_.command({"RPUSH", prefix_ + "2", "of somebody else"});
  start();
  publish(1, encode("{type: hash, key: \"" + prefix_ + "{id}\"}", "1|a|b\n2|c|d\n3|e|f"));
  ASSERT_EQ(world_.rejects().kept.size(), 1u);
  const Reject& reject = world_.rejects().kept[0];
  EXPECT_EQ(reject.operation, 1u);
  EXPECT_EQ(reject.error.to_string(), "E3402 Redis key " + prefix_ + "2 is a list");
  EXPECT_EQ(text({"TYPE", prefix_ + "2"}), "list");
  EXPECT_EQ(hash(prefix_ + "1").size(), 4u);
  EXPECT_EQ(hash(prefix_ + "3").size(), 4u);
  const auto marker = world_.publisher("o1")->look();
  ASSERT_TRUE(marker.has_value() && marker->has_value());
  EXPECT_EQ((*marker)->rejects_checksum, 1001u);
}

TEST_F(RedisTarget, AnAttemptThatDiesBehindItsRejectsLeavesNothingOfItsLastChunk) {
  redis_.command({"RPUSH", prefix_ + "2", "of somebody else"});
  start();
  const Operations operations =
      encode("{type: hash, key: \"" + prefix_ + "{id}\"}", "1|a|b\n2|c|d");
  world_.failpoints().arm(redis::failpoints::after_rejects, Failpoints::Action::error);
  const auto died = world_.publish(*publisher_, "o1", 1, operations);
  ASSERT_FALSE(died.has_value() && *died == PublishOutcome::published);
  EXPECT_EQ(text({"EXISTS", prefix_ + "1"}), "0");
  EXPECT_EQ(marker_text(publisher_->resolve()), "u1/o1 epoch 0 checksum 0");
  world_.rejects().kept.clear();
  publish(1, operations);
  EXPECT_EQ(world_.rejects().kept.size(), 1u);
  EXPECT_EQ(hash(prefix_ + "1").size(), 4u);
}

// 2,500 operations are three chunks; the process dies after the first.
TEST_F(RedisTarget, AnEpochThatStoppedBetweenChunksGoesOnWhereItStopped) {
  world_.open_place(BatteryWorld::schema());
  const Operations operations = world_.numbered(1, 2500);
  start();
  world_.failpoints().arm(redis::failpoints::after_chunk, Failpoints::Action::error);
  const auto outcome = world_.publish(*publisher_, "o1", 1, operations);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().to_string();
  ASSERT_EQ(*outcome, PublishOutcome::unknown);
  EXPECT_EQ(world_.driver().shown().size(), 1000u);
  // What the first chunk wrote changes meanwhile: it must not be written again.
  ASSERT_EQ(text({"DEL", world_.driver().place() + "1000"}), "1");

  const auto next = world_.publisher("o2");
  const auto claimed = world_.start(*next);
  ASSERT_TRUE(claimed.has_value()) << claimed.error().to_string();
  EXPECT_EQ(claimed->epoch, Epoch(0));
  EXPECT_TRUE(claimed->has_begun);
  EXPECT_EQ(operations_done(), 1000u);
  const auto rest = world_.publish_after(*next, *claimed, 1, operations);
  ASSERT_TRUE(rest.has_value()) << rest.error().to_string();
  EXPECT_EQ(*rest, PublishOutcome::published);
  EXPECT_EQ(world_.driver().shown().size(), 2499u);
  const auto marker = world_.publisher("o3")->look();
  ASSERT_TRUE(marker.has_value() && marker->has_value());
  EXPECT_EQ((*marker)->epoch, Epoch(1));
  EXPECT_FALSE((*marker)->has_begun);
  EXPECT_EQ(operations_done(), 0u);
}

// A key of the first chunk has the wrong type, then the process dies, and then the key is gone: its
// row was neither written nor told, so the epoch begins again.
TEST_F(RedisTarget, AnEpochThatStoppedBehindARejectBeginsAgain) {
  world_.open_place(BatteryWorld::schema());
  const std::string refused = world_.driver().place() + "5";
  redis_.command({"RPUSH", refused, "of somebody else"});
  const Operations operations = world_.numbered(1, 2500);
  start();
  world_.failpoints().arm(redis::failpoints::after_chunk, Failpoints::Action::error);
  const auto outcome = world_.publish(*publisher_, "o1", 1, operations);
  ASSERT_TRUE(outcome.has_value() && *outcome == PublishOutcome::unknown);
  EXPECT_TRUE(world_.rejects().kept.empty());
  ASSERT_EQ(text({"DEL", refused}), "1");

  const auto next = world_.publisher("o2");
  const auto claimed = world_.start(*next);
  ASSERT_TRUE(claimed.has_value()) << claimed.error().to_string();
  EXPECT_TRUE(claimed->has_begun);
  EXPECT_EQ(operations_done(), 1000u);
  const auto rest = world_.publish_after(*next, *claimed, 1, operations);
  ASSERT_TRUE(rest.has_value()) << rest.error().to_string();
  EXPECT_EQ(*rest, PublishOutcome::published);
  EXPECT_TRUE(world_.rejects().kept.empty());
  EXPECT_EQ(world_.driver().shown().size(), 2500u);
}

// A user who may not ask for types: that is no property of the rows.
TEST_F(RedisTarget, AnErrorInsteadOfATypeIsNoReject) {
  const std::string user = unique_name("user");
  redis_.command({"ACL", "SETUSER", user, "on", ">secret", "~*", "+@all", "-type"});
  const auto publisher = world_.publisher_by("{url: \"redis://" + shared_servers().redis_addr() +
                                                 "\", username: " + user + ", password: secret}",
                                             "o1");
  ASSERT_TRUE(world_.start(*publisher).has_value());
  const auto outcome = world_.publish(
      *publisher, "o1", 1, encode("{type: hash, key: \"" + prefix_ + "{id}\"}", "1|a|b"));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, ErrorCode::authentication_failed) << outcome.error().to_string();
  EXPECT_TRUE(world_.rejects().kept.empty());
  redis_.command({"ACL", "DELUSER", user});
}

TEST(RedisServer, ThatMayEvictTheMarkerIsRefused) {
  TestServers servers;
  BatteryWorld world(make_redis_driver(servers));
  Redis redis(servers);
  for (const std::string policy : {"allkeys-lru", "allkeys-lfu", "allkeys-random"}) {
    redis.command({"CONFIG", "SET", "maxmemory-policy", policy});
    const auto looked = world.publisher("o1")->look();
    ASSERT_FALSE(looked.has_value()) << policy;
    EXPECT_EQ(looked.error().code, ErrorCode::target_unsuitable);
    EXPECT_EQ(looked.error().message,
              "Redis has maxmemory-policy " + policy + ", which may evict the marker");
  }
  redis.command({"CONFIG", "SET", "maxmemory-policy", "volatile-lru"});
  EXPECT_TRUE(world.publisher("o1")->look().has_value());
}

// It must not pass for another server, at which a pipeline may begin anew.
TEST(RedisServer, ThatComesBackEmptyIsTheSameWithoutItsMarker) {
  TestServers servers;
  BatteryWorld world(make_redis_driver(servers));
  const auto before = world.publisher("o1");
  ASSERT_TRUE(world.start(*before).has_value());
  Redis(servers).command({"FLUSHALL"});
  const auto after = world.publisher("o2");
  EXPECT_EQ(after->identity().value(), before->identity().value());
  const auto marker = after->look();
  ASSERT_TRUE(marker.has_value()) << marker.error().to_string();
  EXPECT_FALSE(marker->has_value());
  const auto resolved = before->resolve();
  ASSERT_FALSE(resolved.has_value());
  EXPECT_EQ(resolved.error().code, ErrorCode::target_refused);
  EXPECT_NE(resolved.error().advice.find("--namespace"), std::string::npos)
      << resolved.error().to_string();
}

// A server without memory for more refuses the whole chunk: nothing of it is there.
TEST(RedisServer, WithoutMemoryTakesTheEpochLater) {
  TestServers servers;
  BatteryWorld world(make_redis_driver(servers));
  Redis redis(servers);
  world.open_place(BatteryWorld::schema());
  const auto publisher = world.publisher("o1");
  ASSERT_TRUE(world.start(*publisher).has_value());
  // Less than any server takes, so that it has no room for a write.
  redis.command({"CONFIG", "SET", "maxmemory", "1"});
  const auto full = world.publish(*publisher, "o1", 1, world.numbered(1, 10));
  EXPECT_FALSE(full.has_value() && *full == PublishOutcome::published);
  if (!full) {
    EXPECT_EQ(full.error().retry, Retry::later) << full.error().to_string();
  }
  EXPECT_TRUE(world.driver().shown().empty());
  redis.command({"CONFIG", "SET", "maxmemory", "0"});
  ASSERT_TRUE(publisher->resolve().has_value());
  EXPECT_EQ(world.publish(*publisher, "o1", 1, world.numbered(1, 10)).value(),
            PublishOutcome::published);
  EXPECT_EQ(world.driver().shown().size(), 10u);
}

}  // namespace
}  // namespace sluice::test
