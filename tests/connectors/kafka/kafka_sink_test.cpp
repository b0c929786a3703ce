// The Kafka sink on a real broker: partitions as Java's clients choose them, keys, tombstones, and
// records that are too large for the sink or for the topic.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>

#include "connectors/battery/world.hpp"
#include "connectors/kafka/failpoints.hpp"
#include "support/kafka.hpp"
#include "support/test_rows.hpp"

namespace sluice::test {
namespace {

class KafkaTarget : public testing::Test {
 protected:
  // Operations of a sink to the topic over this schema, keyed by its first column.
  Operations encode(const SchemaPtr& schema, const RecordBatch& rows, const std::string& options,
                    std::vector<RowRejection>& rejected) {
    return encode(schema, rows, options, rejected, {(*schema)[0].name});
  }
  Operations encode(const SchemaPtr& schema, const RecordBatch& rows, const std::string& options,
                    std::vector<RowRejection>& rejected, const std::vector<std::string>& key) {
    description_ = world_
                       .make_sink(schema, world_.driver().connection(),
                                  "{topic: " + topic_ + options + "}", SinkMode::upsert, key)
                       .value();
    const auto sink = description_->create().value();
    EXPECT_TRUE(sink->open({world_.environment(), &zone_}).has_value());
    Operations operations;
    OperationCollector collector(0, operations);
    EXPECT_TRUE(sink->encode(rows, collector, rejected).has_value());
    return operations;
  }
  Result<PublishOutcome> publish(const Operations& operations,
                                 const std::string& properties = "{}") {
    const auto publisher = world_.publisher_by(
        "{brokers: \"" + brokers_ + "\", properties: " + properties + "}", "o1");
    SLUICE_TRY(world_.start(*publisher));
    MemoryOperations reader(operations);
    PublishRequest request;
    request.after = BatteryWorld::marker("o1", 0);
    request.epoch = Epoch(1);
    request.checksum = 101;
    request.sinks = {description_->definition()};
    request.operations = &reader;
    request.rejects = &world_.rejects();
    return publisher->publish(request);
  }
  static RecordBatch texts(const std::vector<std::pair<std::string, std::string>>& rows) {
    ColumnBuilder keys(Type{TypeKind::text});
    ColumnBuilder values(Type{TypeKind::text});
    for (const auto& [key, value] : rows) {
      keys.append_copy(key);
      values.append_copy(value);
    }
    return RecordBatch(schema_of("k text, v text"), {keys.finish(), values.finish()}, rows.size());
  }

  BatteryWorld world_{make_kafka_driver(shared_servers())};
  TimeZone zone_;  // of the pipeline
  std::string brokers_ = shared_servers().brokers();
  std::string topic_ = unique_name("sink");
  std::unique_ptr<SinkDescription> description_;
};

// Hashes that Kafka's own tests of Utils.murmur2 state.
TEST_F(KafkaTarget, ChoosesPartitionsAsJavaClientsDo) {
  constexpr int partitions = 7;
  create_topic(brokers_, topic_, partitions);
  const std::map<std::string, int32_t> hashes = {
      {"21", -973932308},
      {"foobar", -790332482},
      {"a-little-bit-long-string", -985981536},
      {"a-little-bit-longer-string", -1486304829},
      {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
      {"abc", 479470107}};
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& [key, hash] : hashes) rows.emplace_back(key, "v");
  std::vector<RowRejection> rejected;
  const RecordBatch batch = texts(rows);
  ASSERT_EQ(publish(encode(batch.schema(), batch, "", rejected)).value(),
            PublishOutcome::published);
  const auto records = read_all(brokers_, topic_);
  ASSERT_EQ(records.size(), hashes.size());
  for (const KafkaRecord& record : records)
    EXPECT_EQ(record.partition, (hashes.at(*record.key) & 0x7fffffff) % partitions) << *record.key;
}

TEST_F(KafkaTarget, WritesTombstonesForDeletedKeys) {
  create_topic(brokers_, topic_, 1);
  const RecordBatch rows = read_rows(schema_of("k text, v text"), "a|1\n-D b|2\n+U c|NULL");
  std::vector<RowRejection> rejected;
  ASSERT_EQ(publish(encode(rows.schema(), rows, "", rejected)).value(), PublishOutcome::published);
  const auto records = read_all(brokers_, topic_);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].value, "{\"k\":\"a\",\"v\":\"1\"}");
  EXPECT_EQ(records[1].key, "b");
  EXPECT_EQ(records[1].value, std::nullopt);
  EXPECT_EQ(records[2].value, "{\"k\":\"c\",\"v\":null}");
}

// The records of one key are in one partition, and a tombstone is of the key that was written.
TEST_F(KafkaTarget, KeysThatAreEqualInSqlAreOneKey) {
  create_topic(brokers_, topic_, 7);
  const RecordBatch rows =
      read_rows(schema_of("k numeric, v text"), "1.0|a\n+U 1.00|b\n-D 7.00|c\n7|d");
  std::vector<RowRejection> rejected;
  ASSERT_EQ(publish(encode(rows.schema(), rows, "", rejected)).value(), PublishOutcome::published);
  std::map<std::string, std::vector<std::string>> values;
  std::map<std::string, std::set<int32_t>> partitions;
  for (const KafkaRecord& record : read_all(brokers_, topic_)) {
    values[*record.key].push_back(record.value.value_or("tombstone"));
    partitions[*record.key].insert(record.partition);
  }
  const std::map<std::string, std::vector<std::string>> expected = {
      {"1", {R"({"k":1.0,"v":"a"})", R"({"k":1.00,"v":"b"})"}},
      {"7", {"tombstone", R"({"k":7,"v":"d"})"}}};
  EXPECT_EQ(values, expected);
  EXPECT_EQ(partitions["1"].size(), 1u);
  EXPECT_EQ(partitions["7"].size(), 1u);
}

// A compacted topic takes no record without a key.
TEST_F(KafkaTarget, TheOneRowOfAnUpsertHasAnEmptyKey) {
  create_topic(brokers_, topic_, 7);
  const RecordBatch rows = read_rows(schema_of("n int"), "1\n+U 2\n-D 2");
  std::vector<RowRejection> rejected;
  ASSERT_EQ(publish(encode(rows.schema(), rows, "", rejected, {})).value(),
            PublishOutcome::published);
  std::set<int32_t> partitions;
  std::vector<std::string> values;
  for (const KafkaRecord& record : read_all(brokers_, topic_)) {
    EXPECT_EQ(record.key, "");
    partitions.insert(record.partition);
    values.push_back(record.value.value_or("tombstone"));
  }
  EXPECT_EQ(values, (std::vector<std::string>{R"({"n":1})", R"({"n":2})", "tombstone"}));
  EXPECT_EQ(partitions.size(), 1u);
}

TEST_F(KafkaTarget, ATimeInAKeyIsInUtcWhateverThePipelinesZone) {
  create_topic(brokers_, topic_, 1);
  const RecordBatch rows =
      read_rows(schema_of("k timestamptz, v text"), "2026-01-01 08:00:00+08|a");
  zone_ = TimeZone::load("Asia/Shanghai").value();
  std::vector<RowRejection> rejected;
  ASSERT_EQ(publish(encode(rows.schema(), rows, "", rejected)).value(), PublishOutcome::published);
  EXPECT_EQ(read_all(brokers_, topic_).at(0).key, "2026-01-01 00:00:00+00");
}

TEST_F(KafkaTarget, RejectsARecordOfTenMegabytesBeforeTheSpool) {
  create_topic(brokers_, topic_, 1);
  const RecordBatch rows = texts({{"a", "small"}, {"b", std::string(10'000'000, 'x')}});
  std::vector<RowRejection> rejected;
  const Operations operations = encode(rows.schema(), rows, "", rejected);
  ASSERT_EQ(rejected.size(), 1u);
  EXPECT_EQ(rejected[0].row, 1u);
  EXPECT_EQ(
      rejected[0].error.to_string(),
      "E3402 the record of 10000017 bytes is larger than topic " + topic_ + " takes (999488)");
  EXPECT_EQ(operations.size(), 1u);
}

TEST_F(KafkaTarget, WritesTenMegabytesWhereTopicAndSettingsTakeThem) {
  create_topic(brokers_, topic_, 1, {{"max.message.bytes", "20000000"}});
  const RecordBatch rows = texts({{"b", std::string(10'000'000, 'x')}});
  std::vector<RowRejection> rejected;
  const Operations operations =
      encode(rows.schema(), rows, ", max_record_bytes: 20000000B", rejected);
  ASSERT_TRUE(rejected.empty());
  const auto outcome = publish(operations, "{message.max.bytes: 20000000}");
  ASSERT_TRUE(outcome.has_value()) << outcome.error().to_string();
  EXPECT_EQ(read_all(brokers_, topic_).at(0).value.value().size(), 10'000'016u);
}

// The sink thinks that the topic takes more than it does: found at publish, record by record.
TEST_F(KafkaTarget, RecordsThatTheTopicRefusesAreRejectsAndTheOthersWritten) {
  create_topic(brokers_, topic_, 1, {{"max.message.bytes", "2000"}});
  const RecordBatch rows = texts({{"a", "1"}, {"b", std::string(5000, 'x')}, {"c", "3"}});
  std::vector<RowRejection> rejected;
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = publish(encode(rows.schema(), rows, "", rejected));
  ASSERT_TRUE(outcome.has_value()) << outcome.error().to_string();
  EXPECT_EQ(*outcome, PublishOutcome::published);
  // What is queued behind a refused record is not sent any more, and not waited for.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
  ASSERT_EQ(world_.rejects().kept.size(), 1u);
  EXPECT_EQ(world_.rejects().kept[0].operation, 1u);
  EXPECT_EQ(world_.rejects().kept[0].error.code, ErrorCode::sink_rejected);
  const auto records = read_all(brokers_, topic_);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].key, "a");
  EXPECT_EQ(records[1].key, "c");
}

TEST_F(KafkaTarget, ARecordLargerThanTheProducersQueueIsRefusedWhenItIsWrittenThrough) {
  create_topic(brokers_, topic_, 1, {{"max.message.bytes", "20000000"}});
  const RecordBatch rows = texts({{"a", "1"}, {"b", std::string(3'000'000, 'x')}});
  std::vector<RowRejection> rejected;
  const Operations operations =
      encode(rows.schema(), rows, ", max_record_bytes: 20000000B", rejected);
  ASSERT_EQ(operations.size(), 2u);
  const auto publisher = world_.publisher_by(
      "{brokers: \"" + brokers_ +
          "\", properties: {message.max.bytes: 20000000, queue.buffering.max.kbytes: 2000}}",
      "o1");
  const std::string definition = description_->definition();
  ASSERT_TRUE(publisher->write_through(0, definition, operations[0].second).has_value());
  const Status refused = publisher->write_through(0, definition, operations[1].second);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().to_string(),
            "E3402 topic " + topic_ +
                ": a record of 3000017 bytes is larger than what is queued for Kafka at a time "
                "(raise queue.buffering.max.kbytes among the connection's properties)");
  EXPECT_TRUE(publisher->flush().has_value());
  EXPECT_EQ(read_all(brokers_, topic_).size(), 1u);
}

TEST_F(KafkaTarget, AnAttemptThatDiesBehindItsRejectsLeavesNothing) {
  create_topic(brokers_, topic_, 1, {{"max.message.bytes", "2000"}});
  const RecordBatch rows = texts({{"a", "1"}, {"b", std::string(5000, 'x')}});
  std::vector<RowRejection> rejected;
  const Operations operations = encode(rows.schema(), rows, "", rejected);
  world_.failpoints().arm(kafka::failpoints::after_rejects, Failpoints::Action::error);
  const auto died = publish(operations);
  ASSERT_FALSE(died.has_value() && *died == PublishOutcome::published);
  EXPECT_EQ(world_.failpoints().hits(kafka::failpoints::after_rejects), 1u);
  world_.rejects().kept.clear();
  const auto again = publish(operations);
  ASSERT_TRUE(again.has_value()) << again.error().to_string();
  EXPECT_EQ(*again, PublishOutcome::published);
  EXPECT_EQ(world_.rejects().kept.size(), 1u);
  EXPECT_EQ(read_all(brokers_, topic_).size(), 1u);
}

TEST_F(KafkaTarget, AClaimThatStopsOnItsWayIsClaimedAgain) {
  for (const Failpoint point : {kafka::failpoints::after_claim, kafka::failpoints::after_open,
                                kafka::failpoints::after_probe}) {
    world_.failpoints().arm(point, Failpoints::Action::error);
    const auto stopped = world_.start(*world_.publisher("o1"));
    ASSERT_FALSE(stopped.has_value()) << point.name;
    EXPECT_EQ(marker_text(world_.start(*world_.publisher("o2"))), "u1/o2 epoch 0 checksum 0");
  }
}

TEST_F(KafkaTarget, ATopicThatIsMissingIsNamed) {
  const RecordBatch rows = texts({{"a", "1"}});
  std::vector<RowRejection> rejected;
  const auto outcome = publish(encode(rows.schema(), rows, "", rejected));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, ErrorCode::topic_missing) << outcome.error().to_string();
}

// The process died between its claim and its first marker, or before the claim was read back.
TEST_F(KafkaTarget, AClaimOfAnotherFolderWithoutAMarkerIsTakenOver) {
  for (const Failpoint point : {kafka::failpoints::after_claim, kafka::failpoints::after_probe}) {
    BatteryWorld world(make_kafka_driver(shared_servers()));
    world.failpoints().arm(point, Failpoints::Action::error);
    ASSERT_FALSE(world.start(*world.publisher("o1", "u2")).has_value());
    EXPECT_EQ(marker_text(world.publisher("o2")->look().value().value()),
              "u2/o1 epoch 0 checksum 0");
    EXPECT_EQ(marker_text(world.start(*world.publisher("o2"))), "u1/o2 epoch 0 checksum 0");
    EXPECT_EQ(marker_text(world.start(*world.publisher("o3"))), "u1/o3 epoch 0 checksum 0");
  }
}

}  // namespace
}  // namespace sluice::test
