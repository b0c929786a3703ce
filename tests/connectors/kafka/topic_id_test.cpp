// Topics that are created again and differ in nothing but their id. Where librdkafka does not tell
// ids, what is read of them is taken for the former topic's, as docs/running.md says.
#include "connectors/kafka/topic_id.hpp"

#include <gtest/gtest.h>

#include "connectors/battery/world.hpp"
#include "connectors/kafka/kafka_reader.hpp"
#include "support/kafka.hpp"
#include "support/servers.hpp"

namespace sluice::test {
namespace {

class TopicId : public testing::Test {
 protected:
  TopicId() { create(); }
  void create() {
    create_topic(brokers_, topic_, 1);
    for (const char* value : {"a", "b"})
      produce(brokers_, topic_, {{.value = value, .timestamp_ms = 1000}});
  }
  void create_again() {
    delete_topic(brokers_, topic_);
    create();
  }
  SplitPosition position_at_end(const std::string& options) {
    KafkaReader reader(brokers_, topic_, options);
    EXPECT_TRUE(reader.assign().has_value());
    EXPECT_TRUE(reader.read_to_end().has_value());
    return reader.position();
  }
  // From the position, or the error.
  std::string read(const SplitPosition& position, const std::string& options = {}) {
    KafkaReader reader(brokers_, topic_, options);
    if (const Status assigned = reader.assign(position); !assigned)
      return assigned.error().to_string();
    return reader.values_to_end();
  }

  const std::string brokers_ = shared_servers().brokers();
  const std::string topic_ = unique_name("id");
  const std::string different_ = " was created again since it was read: its id is another one";
  const std::string advice_ =
      " (set on_out_of_range to earliest or latest to go on with the new topic)";
};

TEST_F(TopicId, IsPartOfThePositionFromTheStart) {
  KafkaReader reader(brokers_, topic_, "start: latest");
  ASSERT_TRUE(reader.assign().has_value());
  EXPECT_EQ(reader.position().stream_id.empty(), !kafka::tells_topic_ids());
  const SplitPosition position = position_at_end({});
  EXPECT_EQ(read(position), "");
  EXPECT_EQ(reader.check(position), "confirmed");
}

// As a topic that was moved to another cluster, offsets and all.
TEST_F(TopicId, OfACopyIsTakenOver) {
  const SplitPosition position = position_at_end({});
  create_again();
  produce(brokers_, topic_, {{.value = "c"}});
  EXPECT_EQ(read(position), "c");
  KafkaReader reader(brokers_, topic_);
  EXPECT_EQ(reader.check(position), "confirmed");
}

// The end of a transaction stands where a record had been read.
TEST_F(TopicId, TellsWhereTheRecordThatWasReadIsGone) {
  BatteryWorld world(make_kafka_driver(shared_servers()));
  world.open_place(BatteryWorld::schema());
  auto publisher = world.publisher("o1");
  ASSERT_TRUE(world.start(*publisher).has_value());
  ASSERT_TRUE(world.publish(*publisher, "o1", 1, world.numbered(1, 1)).has_value());
  const std::string& topic = world.driver().place();
  const std::vector<KafkaRecord> records = read_all(brokers_, topic);
  ASSERT_EQ(records.size(), 1u);
  const int32_t partition = records[0].partition;
  const SplitPosition position{2, 1, 1, false, "AAAAAAAAAAAAAAAAAAAAAQ"};
  const std::string different = "E4102 topic " + topic + different_;
  const bool tells = kafka::tells_topic_ids();
  KafkaReader reader(brokers_, topic);
  EXPECT_EQ(reader.check(position, partition), tells ? different : "confirmed");
  const auto split = std::make_shared<Origin>(Origin{topic, partition});
  ASSERT_TRUE(reader.assign({{split, position}}).has_value());
  EXPECT_EQ(reader.values_to_end(), tells ? different + advice_ : "");
  KafkaReader earliest(brokers_, topic, "on_out_of_range: earliest");
  ASSERT_TRUE(earliest.assign({{split, position}}).has_value());
  EXPECT_EQ(earliest.values_to_end(), tells ? world.driver().row(1, "x") : "");
}

TEST_F(TopicId, OfATopicOfWhichNothingWasReadIsNoticed) {
  const SplitPosition position = position_at_end("start: latest");
  create_again();
  const bool tells = kafka::tells_topic_ids();
  EXPECT_EQ(read(position), tells ? "E4102 topic " + topic_ + different_ + advice_ : "");
  EXPECT_EQ(read(position, "on_out_of_range: earliest"), tells ? "a, b" : "");
  KafkaReader reader(brokers_, topic_);
  EXPECT_EQ(reader.check(position), tells ? "E4102 topic " + topic_ + different_ : "confirmed");
}

}  // namespace
}  // namespace sluice::test
