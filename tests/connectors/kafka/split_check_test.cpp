// The Kafka source's SplitCheck where a leader is away, on a cluster that librdkafka plays, and
// where nothing is left of what was read, on a real broker.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "connectors/battery/world.hpp"
#include "connectors/kafka/kafka_reader.hpp"
#include "support/kafka.hpp"

namespace sluice::test {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr auto patience = std::chrono::seconds(30);

// Two brokers, and a topic whose partition 0 the first one leads, and 1 the second.
class TwoBrokers : public testing::Test {
 protected:
  TwoBrokers() {
    rd_kafka_conf_t* configuration = rd_kafka_conf_new();
    char reason[512];
    rd_kafka_conf_set(configuration, "test.mock.num.brokers", "2", reason, sizeof(reason));
    rd_kafka_conf_set(configuration, "log_level", "3", reason, sizeof(reason));
    client_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, configuration, reason, sizeof(reason)));
    cluster_ = rd_kafka_handle_mock_cluster(client_.get());
    rd_kafka_mock_topic_create(cluster_, topic, 2, 1);
    for (const int32_t partition : {0, 1})
      rd_kafka_mock_partition_set_leader(cluster_, topic, partition, partition + 1);
    produce(brokers(), topic,
            {{.partition = 0, .value = "a", .timestamp_ms = 1000},
             {.partition = 1, .value = "b", .timestamp_ms = 1000}});
  }
  std::string brokers() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  // The partitions that have answered that they are the same.
  static std::vector<int32_t> same(const std::vector<SplitCheck::Answer>& answers) {
    std::vector<int32_t> partitions;
    for (const SplitCheck::Answer& answer : answers) {
      EXPECT_TRUE(answer.is_same.has_value()) << answer.is_same.error().to_string();
      partitions.push_back(answer.split->partition);
    }
    std::sort(partitions.begin(), partitions.end());
    return partitions;
  }

  static constexpr const char* topic = "orders";
  std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)> client_{nullptr, &rd_kafka_destroy};
  rd_kafka_mock_cluster_t* cluster_ = nullptr;  // the client's
};

TEST_F(TwoBrokers, ALeaderThatIsAwayDelaysNoAnswerAboutOtherPartitions) {
  KafkaReader reader(brokers(), topic);
  std::vector<SplitAssignment> splits;
  for (const int32_t partition : {0, 1})
    splits.push_back({std::make_shared<Origin>(Origin{topic, partition}), std::nullopt});
  ASSERT_TRUE(reader.assign(splits).has_value());
  ASSERT_TRUE(reader.read_to_end().has_value());
  for (const size_t i : {0, 1}) splits[i].position = reader.position(i);
  SplitCheck& check = reader.split_check();
  check.ask(splits);
  EXPECT_EQ(same(check.answers(splits)), (std::vector<int32_t>{0, 1}));

  rd_kafka_mock_broker_set_down(cluster_, 2);
  check.ask(splits);
  EXPECT_EQ(same(check.answers({splits[0]})), std::vector<int32_t>{0});
  check.ask({splits[0]});
  EXPECT_EQ(same(check.answers({splits[0]})), std::vector<int32_t>{0});

  // Its question has stayed open.
  rd_kafka_mock_broker_set_up(cluster_, 2);
  std::vector<SplitCheck::Answer> answers;
  const auto deadline = SteadyClock::now() + patience;
  while (answers.empty() && SteadyClock::now() < deadline) answers = check.answers({splits[1]});
  EXPECT_EQ(same(answers), std::vector<int32_t>{1});
}

TEST_F(TwoBrokers, NothingIsWaitedForUnlessItIsAwaited) {
  KafkaReader reader(brokers(), topic);
  rd_kafka_mock_broker_set_down(cluster_, 1);
  rd_kafka_mock_broker_set_down(cluster_, 2);
  const auto start = SteadyClock::now();
  reader.split_check().ask({{std::make_shared<Origin>(Origin{topic, 1}), SplitPosition{1, 1, 1}}});
  EXPECT_TRUE(reader.split_check().answers({}).empty());
  EXPECT_LT(SteadyClock::now() - start, std::chrono::seconds(1));
}

// As brokers do that were stopped: their connections stay.
TEST_F(TwoBrokers, ACommitThatIsNotAnsweredHoldsTheEndUpForMomentsOnly) {
  auto reader = std::make_unique<KafkaReader>(brokers(), topic);
  reader->report({1, 1, 1});
  reader->split_check().close();
  for (const int32_t broker : {1, 2}) rd_kafka_mock_broker_set_rtt(cluster_, broker, 600'000);
  reader->report({1, 1, 1});
  const auto start = SteadyClock::now();
  reader.reset();
  EXPECT_LT(SteadyClock::now() - start, std::chrono::seconds(10));
}

// As behind a tombstone that was the last record, and was cleaned away: the end of a transaction is
// no record.
TEST(KafkaCleaned, IsTheSameIfNoRecordIsLeftOfWhatWasRead) {
  BatteryWorld world(make_kafka_driver(shared_servers()));
  world.open_place(BatteryWorld::schema());
  auto publisher = world.publisher("o1");
  ASSERT_TRUE(world.start(*publisher).has_value());
  ASSERT_TRUE(world.publish(*publisher, "o1", 1, world.numbered(1, 1)).has_value());
  const std::string brokers = shared_servers().brokers();
  const std::string& topic = world.driver().place();
  const std::vector<KafkaRecord> records = read_all(brokers, topic);
  ASSERT_EQ(records.size(), 1u);
  const int32_t partition = records[0].partition;
  KafkaReader reader(brokers, topic);
  const std::string replaced = "E4102";
  EXPECT_EQ(reader.check({1, 1, 1}, partition).substr(0, 5), replaced);
  EXPECT_EQ(reader.check({2, 1, 1}, partition), "confirmed");
  EXPECT_EQ(reader.check({3, 1, 1}, partition).substr(0, 5), replaced);  // it ends before that
  EXPECT_EQ(reader.check({9, 1, 1}, partition).substr(0, 5), replaced);
  delete_records(brokers, topic, partition, 1);
  EXPECT_EQ(reader.check({1, 1, 1}, partition), "confirmed");
  EXPECT_EQ(reader.check({2, 1, 1}, partition), "confirmed");
  EXPECT_EQ(reader.check({9, 1, 1}, partition).substr(0, 5), replaced);
}

}  // namespace
}  // namespace sluice::test
