#include <gtest/gtest.h>
#include <chrono>
#include <future>

#include "support/kafka.hpp"
#include "support/postgres.hpp"
#include "support/redis.hpp"
#include "support/servers.hpp"

namespace sluice::test {
namespace {

TEST(Kafka, ReadAll_ReturnsWhatWasProducedInOrder) {
  const std::string brokers = shared_servers().brokers();
  const std::string topic = unique_name("orders");
  create_topic(brokers, topic, 2, {{"compression.type", "lz4"}});
  KafkaRecord full{.partition = 1, .key = "k", .value = "v", .headers = {{"a", "1"}, {"b", {}}}};
  full.timestamp_ms = 253402300799000;
  produce(brokers, topic, {full, {.partition = 0}, {.partition = 1, .key = "", .value = "second"}});

  const std::vector<KafkaRecord> records = read_all(brokers, topic);

  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].key, std::nullopt);
  EXPECT_EQ(records[0].value, std::nullopt);
  EXPECT_EQ(records[1].headers, full.headers);
  EXPECT_EQ(records[1].timestamp_ms, full.timestamp_ms);
  EXPECT_EQ(records[2].key, "");
  EXPECT_EQ(records[2].offset, 1);
}

TEST(Kafka, CreateTopic_FailsWhenItExists) {
  const std::string brokers = shared_servers().brokers();
  const std::string topic = unique_name("orders");
  create_topic(brokers, topic, 1);
  EXPECT_THROW(create_topic(brokers, topic, 1), std::runtime_error);
}

TEST(Kafka, GrowTopic_MakesTheNewPartitionWritable) {
  const std::string brokers = shared_servers().brokers();
  const std::string topic = unique_name("orders");
  create_topic(brokers, topic, 1);
  grow_topic(brokers, topic, 3);
  produce(brokers, topic, {{.partition = 2, .value = "new"}});
  EXPECT_EQ(read_all(brokers, topic).size(), 1u);
}

TEST(Postgres, Query_ReturnsTextAndNull) {
  Postgres postgres(shared_servers());
  const std::string table = unique_name("t");
  postgres.exec("CREATE TABLE " + table + " (a int, b text)");
  postgres.query("INSERT INTO " + table + " VALUES ($1, $2)", {"7", std::nullopt});
  const std::vector<Postgres::Row> expected = {{"7", std::nullopt}};
  EXPECT_EQ(postgres.query("SELECT * FROM " + table), expected);
  EXPECT_THROW(postgres.exec("SELECT no_such_column"), std::runtime_error);
}

TEST(Redis, Command_ReturnsTextPartsAndNil) {
  Redis redis(shared_servers());
  const std::string key = unique_name("hash");
  redis.command({"HSET", key, "field", "value"});
  const RedisReply all = redis.command({"HGETALL", key});
  ASSERT_EQ(all.parts.size(), 2u);
  EXPECT_EQ(all.parts[1].text, "value");
  EXPECT_EQ(redis.command({"GET", unique_name("absent")}).text, std::nullopt);
  EXPECT_THROW(redis.command({"LPUSH", key, "x"}), std::runtime_error);
}

TEST(TestServers, KillAndStart_KeepPortAndWhatWasAcknowledged) {
  TestServers servers;
  const std::string address = servers.redis_addr();
  Redis(servers).command({"SET", "kept", "yes"});
  Postgres(servers).exec("CREATE TABLE kept ()");
  for (const Server server : {Server::redis, Server::postgres}) servers.restart(server);
  servers.kill(Server::postgres);
  EXPECT_THROW(Postgres{servers}, std::runtime_error);
  servers.start(Server::postgres);
  EXPECT_EQ(servers.redis_addr(), address);
  EXPECT_EQ(Redis(servers).command({"GET", "kept"}).text, "yes");
  EXPECT_NO_THROW(Postgres(servers).query("SELECT * FROM kept"));
}

TEST(TestServers, Freeze_HoldsAnswersUntilThaw) {
  TestServers servers;
  Redis redis(servers);
  servers.freeze(Server::redis);
  auto answer = std::async(std::launch::async, [&] { return redis.command({"PING"}).text; });
  EXPECT_EQ(answer.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout);
  servers.thaw(Server::redis);
  EXPECT_EQ(answer.get(), "PONG");
}

}  // namespace
}  // namespace sluice::test
