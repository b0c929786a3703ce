#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <thread>

#include "connectors/kafka/kafka_connector.hpp"
#include "env/clock.hpp"
#include "support/connector_options.hpp"
#include "support/kafka.hpp"
#include "support/servers.hpp"

namespace {

using Queue = std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)>;

constexpr auto patience = std::chrono::seconds(30);
constexpr size_t record_count = 500;

}  // namespace

extern "C" rd_kafka_resp_err_t __real_rd_kafka_assign(
    rd_kafka_t* client, const rd_kafka_topic_partition_list_t* partitions);

// As if the thread were preempted just after the assignment, until all records have been fetched,
// wherever they went.
extern "C" rd_kafka_resp_err_t __wrap_rd_kafka_assign(
    rd_kafka_t* client, const rd_kafka_topic_partition_list_t* partitions) {
  const rd_kafka_resp_err_t problem = __real_rd_kafka_assign(client, partitions);
  const rd_kafka_topic_partition_t& first = partitions->elems[0];
  const Queue events(rd_kafka_queue_get_consumer(client), &rd_kafka_queue_destroy);
  const Queue records(rd_kafka_queue_get_partition(client, first.topic, first.partition),
                      &rd_kafka_queue_destroy);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (rd_kafka_queue_length(events.get()) < record_count &&
         rd_kafka_queue_length(records.get()) < record_count &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  return problem;
}

namespace sluice::test {
namespace {

class NoWaker final : public Waker {
 public:
  void wake() override {}
};

// Offsets of one partition's records up to its end.
std::vector<int64_t> read_offsets(Source& source) {
  std::vector<int64_t> offsets;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  RawBatch raw;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto polled = source.poll(1000, {false}, raw);
    if (!polled) {
      ADD_FAILURE() << polled.error().to_string();
      break;
    }
    for (const RawRecord& record : raw.records) offsets.push_back(record.offset);
    if (polled->end_of_split) break;
  }
  return offsets;
}

TEST(KafkaSource, LosesNothingThatIsFetchedBeforeItIsBackFromTheAssignment) {
  const std::string brokers = shared_servers().brokers();
  const std::string topic = unique_name("assigned");
  create_topic(brokers, topic, 1);
  produce(brokers, topic, std::vector<KafkaRecord>(record_count, {.key = "k", .value = "v"}));
  const auto connector = make_kafka_connector();
  const Options connection =
      options_of(connector->connection_options(), "{brokers: \"" + brokers + "\"}");
  const Options options =
      options_of(*connector->source_options(), "{topic: " + topic + ", start: earliest}");
  const auto description = connector->make_source(connection, options);
  ASSERT_TRUE(description.has_value()) << description.error().to_string();
  const auto source = (*description)->create();
  NoWaker waker;
  SystemClock clock;
  Failpoints failpoints;
  const auto files = make_posix_filesystem();
  const auto log = make_null_log();
  const Environment environment{&clock, files.get(), &failpoints, log.get()};
  ASSERT_TRUE(source->open({environment, &waker, topic}).has_value());
  const auto origin = std::make_shared<Origin>(Origin{topic, 0});
  ASSERT_TRUE(source->assign({{origin, std::nullopt}}).has_value());
  const std::vector<int64_t> offsets = read_offsets(*source);
  ASSERT_EQ(offsets.size(), record_count);
  for (size_t i = 0; i < offsets.size(); ++i) EXPECT_EQ(offsets[i], static_cast<int64_t>(i));
  EXPECT_TRUE(source->close().has_value());
}

}  // namespace
}  // namespace sluice::test
