// The Kafka source on a real broker: where it starts, what it tells of a record, partitions that
// are added, offsets that are gone, topics that are created again, transactions, large records.
#include <gtest/gtest.h>

#include <chrono>

#include "connectors/battery/world.hpp"
#include "connectors/kafka/failpoints.hpp"
#include "connectors/kafka/kafka_reader.hpp"
#include "support/kafka.hpp"

namespace sluice::test {
namespace {

class KafkaTopic : public testing::Test {
 protected:
  KafkaTopic() { create_topic(brokers_, topic_, 1); }
  void write(const std::vector<std::string>& values) {
    std::vector<KafkaRecord> records;
    for (const std::string& value : values) records.push_back({.value = value});
    produce(brokers_, topic_, records);
  }
  // Reads with these options to the end, from the position if there is one.
  std::string read(const std::string& options = {},
                   const std::optional<SplitPosition>& position = std::nullopt) {
    KafkaReader reader(brokers_, topic_, options);
    if (const Status assigned = reader.assign(position); !assigned)
      return assigned.error().to_string();
    return reader.values_to_end();
  }
  // Without the topic's id: as where none is told.
  SplitPosition position_after_all() {
    KafkaReader reader(brokers_, topic_);
    EXPECT_TRUE(reader.assign().has_value());
    EXPECT_TRUE(reader.read_to_end().has_value());
    SplitPosition position = reader.position();
    position.stream_id.clear();
    return position;
  }
  void create_again() {
    delete_topic(brokers_, topic_);
    create_topic(brokers_, topic_, 1);
  }

  std::string brokers_ = shared_servers().brokers();
  std::string topic_ = unique_name("source");
};

TEST_F(KafkaTopic, StartsWhereItIsTold) {
  std::vector<KafkaRecord> records;
  for (int i = 0; i < 4; ++i)
    records.push_back({.value = "v" + std::to_string(i),
                       .headers = {},
                       .timestamp_ms = 1'767'225'600'000 + i * 1000});
  produce(brokers_, topic_, records);
  EXPECT_EQ(read(), "v0, v1, v2, v3");
  EXPECT_EQ(read("start: earliest"), "v0, v1, v2, v3");
  EXPECT_EQ(read("start: latest"), "");
  EXPECT_EQ(read("start: {timestamp: \"2026-01-01T00:00:02Z\"}"), "v2, v3");
  EXPECT_EQ(read("start: {timestamp: \"2026-01-01T00:00:02.001Z\"}"), "v3");
  EXPECT_EQ(read("start: {timestamp: \"2027-01-01T00:00:00Z\"}"), "");
  EXPECT_EQ(read("start: {offsets: {0: 3}}"), "v3");
}

// With a saved position `start` has no say, and what it names may be gone.
TEST_F(KafkaTopic, APartitionThatOnlyStartNamesIsRefusedUnlessThereIsASavedPosition) {
  write({"v0", "v1"});
  const SplitPosition position = position_after_all();
  write({"v2"});
  EXPECT_EQ(read("start: {offsets: {0: 0, 7: 3}}"),
            "E4102 topic " + topic_ +
                " has no partition 7, which start.offsets names; it has 1, counted from 0 (correct "
                "start.offsets)");
  EXPECT_EQ(read("start: {offsets: {0: 0, 7: 3}}", position), "v2");
}

TEST_F(KafkaTopic, LatestReadsWhatComesAfterwards) {
  write({"old"});
  KafkaReader reader(brokers_, topic_, "start: latest");
  ASSERT_TRUE(reader.assign().has_value());
  EXPECT_EQ(reader.values_to_end(), "");
  write({"new"});
  EXPECT_EQ(reader.values_to_end(), "new");
}

TEST_F(KafkaTopic, TellsWhichStartsAnotherTimeWouldMoveElsewhere) {
  const auto may_move = [this](const char* options, const std::optional<SplitPosition>& saved) {
    return KafkaReader(brokers_, topic_, options).description().start_may_move(saved);
  };
  EXPECT_TRUE(may_move("start: latest", std::nullopt));
  EXPECT_TRUE(may_move("start: {timestamp: \"2027-01-01T00:00:00Z\"}", std::nullopt));
  EXPECT_FALSE(may_move("start: latest", SplitPosition{}));
  EXPECT_FALSE(may_move("start: earliest", std::nullopt));
  EXPECT_FALSE(may_move("start: {offsets: {0: 3}}", std::nullopt));
  // Where nothing is kept of a saved position.
  EXPECT_TRUE(may_move("on_out_of_range: latest", SplitPosition{}));
  EXPECT_FALSE(may_move("on_out_of_range: earliest", SplitPosition{}));
}

TEST_F(KafkaTopic, TellsAllOfARecord) {
  KafkaRecord full{
      .key = "k", .value = "v", .headers = {{"a", "1"}, {"a", "2"}, {"b", ""}, {"c", {}}}};
  full.timestamp_ms = 253'402'300'799'000;  // the end of the year 9999
  produce(brokers_, topic_, {full, {.key = "", .value = ""}, {.key = "deleted"}, {}});
  KafkaReader reader(brokers_, topic_);
  ASSERT_TRUE(reader.assign().has_value());
  const std::vector<ReadRecord> records = reader.read_to_end().value();
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records[0].key, "k");
  EXPECT_EQ(records[0].value, "v");
  EXPECT_EQ(records[0].timestamp_us, full.timestamp_ms * 1000);
  using Headers = std::vector<std::pair<std::string, std::optional<std::string>>>;
  EXPECT_EQ(records[0].headers, (Headers{{"a", "1"}, {"a", "2"}, {"b", ""}, {"c", {}}}));
  EXPECT_EQ(records[1].key, "");
  EXPECT_EQ(records[1].value, "");
  EXPECT_EQ(records[2].key, "deleted");
  EXPECT_EQ(records[2].value, std::nullopt);
  EXPECT_EQ(records[3].key, std::nullopt);
  EXPECT_EQ(records[3].offset, 3);
  EXPECT_EQ(reader.position().next_offset, 4);
  EXPECT_EQ(reader.lags(), std::vector<int64_t>{0});
}

TEST_F(KafkaTopic, GoesOnAtItsPosition) {
  write({"a", "b"});
  const SplitPosition position = position_after_all();
  write({"c"});
  EXPECT_EQ(read("start: earliest", position), "c");
}

TEST_F(KafkaTopic, ReadsPartitionsThatAreAddedWithoutRepeatingOthers) {
  write({"a"});
  KafkaReader reader(brokers_, topic_);
  ASSERT_EQ(reader.discover().value().size(), 1u);
  ASSERT_TRUE(reader.assign().has_value());
  EXPECT_EQ(reader.values_to_end(), "a");
  grow_topic(brokers_, topic_, 3);
  produce(brokers_, topic_, {{.partition = 2, .value = "c"}, {.partition = 0, .value = "b"}});
  const auto splits = reader.discover().value();
  ASSERT_EQ(splits.size(), 3u);
  const Status assigned =
      reader.assign({{splits[1], SplitPosition{}}, {splits[2], SplitPosition{}}});
  ASSERT_TRUE(assigned.has_value()) << assigned.error().to_string();
  std::map<std::string, int32_t> found;
  const auto records = reader.read_to_end();
  ASSERT_TRUE(records.has_value()) << records.error().to_string();
  for (const ReadRecord& record : *records) found[*record.value] = record.partition;
  EXPECT_EQ(found, (std::map<std::string, int32_t>{{"b", 0}, {"c", 2}}));
}

TEST_F(KafkaTopic, AHeldPartitionIsNotRead) {
  grow_topic(brokers_, topic_, 2);
  produce(brokers_, topic_, {{.partition = 0, .value = "a"}, {.partition = 1, .value = "b"}});
  KafkaReader reader(brokers_, topic_);
  const auto splits = reader.discover().value();
  ASSERT_TRUE(reader.assign({{splits[0], std::nullopt}, {splits[1], std::nullopt}}).has_value());
  const auto first = reader.read_to_end({true, false});
  ASSERT_EQ(first.value().size(), 1u);
  EXPECT_EQ(first.value()[0].value, "b");
  EXPECT_EQ(reader.position(0).next_offset, 0);
  const auto second = reader.read_to_end({false, true});
  ASSERT_EQ(second.value().size(), 1u);
  EXPECT_EQ(second.value()[0].value, "a");
}

TEST_F(KafkaTopic, OffsetsThatAreGoneFollowThePolicy) {
  write({"a", "b", "c", "d"});
  SplitPosition position;
  position.next_offset = 1;
  position.last_timestamp_us = 1;
  delete_records(brokers_, topic_, 0, 3);
  EXPECT_EQ(
      read({}, position),
      "E4102 topic " + topic_ +
          " partition 0: offset 1 is wanted, 3 to 4 are kept (set on_out_of_range to earliest "
          "or latest to go on without the missing records)");
  EXPECT_EQ(read("on_out_of_range: earliest", position), "d");
  EXPECT_EQ(read("on_out_of_range: latest", position), "");
  EXPECT_EQ(
      read("start: {offsets: {0: 9}}"),
      "E4102 topic " + topic_ +
          " partition 0: offset 9 is wanted, 3 to 4 are kept (set on_out_of_range to earliest "
          "or latest to go on without the missing records)");
}

// Saved before there was anything to read.
TEST_F(KafkaTopic, FirstRecordsThatAreGoneFollowThePolicy) {
  write({"a", "b", "c", "d"});
  delete_records(brokers_, topic_, 0, 3);
  for (const int64_t saved : {0, 2}) {
    SplitPosition position;
    position.next_offset = saved;
    EXPECT_EQ(read({}, position), "E4102 topic " + topic_ + " partition 0: offset " +
                                      std::to_string(saved) +
                                      " is wanted, 3 to 4 are kept (set on_out_of_range to "
                                      "earliest or latest to go on without the missing records)");
    EXPECT_EQ(read("on_out_of_range: earliest", position), "d");
    EXPECT_EQ(read("on_out_of_range: latest", position), "");
  }
}

TEST_F(KafkaTopic, FirstRecordsOfAnAddedPartitionThatAreGoneAreLeftToTheNextStart) {
  write({"a", "b", "c", "d"});
  delete_records(brokers_, topic_, 0, 3);
  KafkaReader reader(brokers_, topic_);
  ASSERT_TRUE(reader.assign(std::vector<SplitAssignment>{}).has_value());
  ASSERT_TRUE(reader.assign(SplitPosition{}).has_value());
  const auto records = reader.read_to_end();
  ASSERT_FALSE(records.has_value());
  EXPECT_EQ(records.error().code, ErrorCode::offset_out_of_range) << records.error().to_string();
  EXPECT_EQ(records.error().retry, Retry::later);
}

TEST_F(KafkaTopic, ATopicThatWasCreatedAgainIsNoticedByItsRecords) {
  write({"a", "b"});
  const SplitPosition position = position_after_all();
  create_again();
  write({"x", "y", "z"});
  EXPECT_EQ(
      read({}, position),
      "E4102 topic " + topic_ +
          " partition 0 holds another record at offset 1 than the one read there: the topic "
          "was created again (set on_out_of_range to earliest or latest to go on with the new "
          "topic)");
  EXPECT_EQ(read("on_out_of_range: earliest", position), "x, y, z");
  EXPECT_EQ(read("on_out_of_range: latest", position), "");
}

// What is saved before anything has been read of the new topic must not bring skipped records back.
TEST_F(KafkaTopic, ATopicThatWasCreatedAgainIsSavedWhereThePolicyGoesOn) {
  write({"a", "b"});
  const SplitPosition position = position_after_all();
  create_again();
  write({"x", "y", "z"});
  KafkaReader reader(brokers_, topic_, "on_out_of_range: latest");
  ASSERT_TRUE(reader.assign(position).has_value());
  EXPECT_EQ(reader.values_to_end(), "");
  EXPECT_EQ(reader.position().next_offset, 3);
  write({"new"});
  EXPECT_EQ(read("on_out_of_range: latest", reader.position()), "new");
}

TEST_F(KafkaTopic, ATopicThatWasCreatedAgainAndIsShorterIsOutOfRange) {
  write({"a", "b"});
  const SplitPosition position = position_after_all();
  create_again();
  write({"x"});
  EXPECT_EQ(read({}, position).substr(0, 5), "E4102");
  EXPECT_EQ(read("on_out_of_range: earliest", position), "x");
}

// As long as the former one or longer: the source goes on in it without a word.
TEST_F(KafkaTopic, ATopicThatIsCreatedAgainWhileItIsReadIsNotConfirmed) {
  write({"a", "b"});
  const SplitPosition position = position_after_all();
  KafkaReader reader(brokers_, topic_);
  EXPECT_EQ(reader.check(position), "confirmed");
  write({"c"});
  EXPECT_EQ(reader.check(position), "confirmed");
  const std::string created_again =
      "E4102 topic " + topic_ +
      " partition 0 holds another record at offset 1 than the one read there: the topic was "
      "created again";
  create_again();
  EXPECT_EQ(reader.check(position), created_again);
  write({"x", "y", "z"});
  EXPECT_EQ(reader.check(position), created_again);
}

TEST_F(KafkaTopic, IsConfirmedWithoutTheRecordReadLastIfThatIsTooOld) {
  write({"a", "b", "c", "d"});
  SplitPosition position;
  position.next_offset = 2;
  position.last_timestamp_us = 1;
  KafkaReader reader(brokers_, topic_);
  EXPECT_EQ(reader.check(position).substr(0, 5), "E4102");
  delete_records(brokers_, topic_, 0, 2);
  EXPECT_EQ(reader.check(position), "confirmed");
}

TEST(KafkaCheck, DoesNotWaitLongForBrokersThatDoNotAnswer) {
  KafkaReader reader("127.0.0.1:1", "nobody");
  EXPECT_EQ(reader.check({1, 1, 1}), "no answer");
}

// A task assigns it, and a barrier waits behind it.
TEST(KafkaNewPartition, IsAssignedWithoutAnAnswerOfTheBrokers) {
  KafkaReader reader("127.0.0.1:1", "nobody");
  ASSERT_TRUE(reader.assign(std::vector<SplitAssignment>{}).has_value());
  const Status assigned = reader.assign(SplitPosition{});
  EXPECT_TRUE(assigned.has_value()) << assigned.error().to_string();
  EXPECT_EQ(reader.position().next_offset, 0);
}

TEST(KafkaCheck, WhatItReportsToBrokersThatDoNotAnswerHoldsTheEndUpForMomentsOnly) {
  const auto start = std::chrono::steady_clock::now();
  {
    KafkaReader reader("127.0.0.1:1", "nobody");
    reader.report({7, 1, 1});
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST_F(KafkaTopic, ThatIsMissingIsNamed) {
  const KafkaReader reader(brokers_, "no_such_topic");
  const auto splits = reader.discover();
  ASSERT_FALSE(splits.has_value());
  EXPECT_EQ(splits.error().code, ErrorCode::topic_missing);
  EXPECT_NE(splits.error().message.find("no_such_topic"), std::string::npos);
}

// Rows of transactions that are committed, aborted, and one that is left open for a while.
TEST_F(KafkaTopic, ReadsCommittedRecordsOnlyAndComesToTheEndBehindThem) {
  BatteryWorld world(make_kafka_driver(shared_servers()));
  world.open_place(BatteryWorld::schema());
  auto publisher = world.publisher("o1");
  ASSERT_TRUE(world.start(*publisher).has_value());
  ASSERT_TRUE(world.publish(*publisher, "o1", 1, world.numbered(1, 1)).has_value());
  world.failpoints().arm(kafka::failpoints::after_marker, Failpoints::Action::error);
  ASSERT_FALSE(world.publish(*publisher, "o1", 2, world.numbered(9, 1)).has_value());
  ASSERT_TRUE(publisher->resolve().has_value());
  ASSERT_TRUE(world.publish(*publisher, "o1", 2, world.numbered(2, 1)).has_value());
  KafkaReader reader(brokers_, world.driver().place());
  const auto splits = reader.discover().value();
  std::vector<SplitAssignment> assignments;
  for (const auto& split : splits) assignments.push_back({split, std::nullopt});
  ASSERT_TRUE(reader.assign(assignments).has_value());
  const auto records = reader.read_to_end();
  ASSERT_TRUE(records.has_value()) << records.error().to_string();
  std::vector<std::string> values;
  for (const ReadRecord& record : *records) values.push_back(record.value.value_or("null"));
  std::sort(values.begin(), values.end());
  EXPECT_EQ(values,
            (std::vector<std::string>{world.driver().row(1, "x"), world.driver().row(2, "x")}));
}

TEST(KafkaLargeRecord, IsReadAlthoughItIsLargerThanAFetch) {
  const std::string brokers = shared_servers().brokers();
  const std::string topic = unique_name("large");
  create_topic(brokers, topic, 1, {{"max.message.bytes", "20000000"}});
  const std::string large(10'000'000, 'x');
  produce(brokers, topic, {{.value = "before"}, {.value = large}, {.value = "after"}});
  KafkaReader reader(brokers, topic);
  ASSERT_TRUE(reader.assign().has_value());
  const auto records = reader.read_to_end();
  ASSERT_TRUE(records.has_value()) << records.error().to_string();
  ASSERT_EQ(records->size(), 3u);
  EXPECT_TRUE((*records)[1].value == large);
}

}  // namespace
}  // namespace sluice::test
