#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <new>
#include <thread>

#include "connectors/battery/world.hpp"
#include "connectors/kafka/direct_producer.hpp"
#include "connectors/kafka/kafka_connector.hpp"
#include "connectors/kafka/kafka_operation.hpp"
#include "connectors/kafka/progress_topic.hpp"
#include "env/clock.hpp"
#include "support/connector_options.hpp"
#include "support/kafka.hpp"
#include "support/servers.hpp"

namespace {

using Queue = std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)>;

constexpr auto patience = std::chrono::seconds(30);
constexpr size_t record_count = 500;

bool refuses_assignments = false;
bool waits_for_records = false;
bool waits_for_connections = false;
std::atomic<bool> has_no_memory_for_a_client = false;  // the next one
std::string share_kib;                                 // of each partition, of the client made last

}  // namespace

extern "C" rd_kafka_resp_err_t __real_rd_kafka_assign(
    rd_kafka_t* client, const rd_kafka_topic_partition_list_t* partitions);

extern "C" rd_kafka_t* __real_rd_kafka_new(rd_kafka_type_t type, rd_kafka_conf_t* configuration,
                                           char* message, size_t size);

extern "C" rd_kafka_t* __wrap_rd_kafka_new(rd_kafka_type_t type, rd_kafka_conf_t* configuration,
                                           char* message, size_t size) {
  if (has_no_memory_for_a_client.exchange(false)) throw std::bad_alloc();
  std::array<char, 32> share{};
  size_t length = share.size();
  rd_kafka_conf_get(configuration, "queued.max.messages.kbytes", share.data(), &length);
  share_kib = share.data();
  rd_kafka_t* client = __real_rd_kafka_new(type, configuration, message, size);
  // A consumer that has no topic yet would wait for the next look itself.
  const bool waits = waits_for_connections && type == RD_KAFKA_PRODUCER;
  if (!waits || client == nullptr) return client;
  char* cluster = rd_kafka_clusterid(client, 30'000);
  if (cluster != nullptr) rd_kafka_mem_free(client, cluster);
  return client;
}

// As if the thread were preempted just after the assignment, until all records have been fetched,
// wherever they went.
extern "C" rd_kafka_resp_err_t __wrap_rd_kafka_assign(
    rd_kafka_t* client, const rd_kafka_topic_partition_list_t* partitions) {
  if (refuses_assignments) return RD_KAFKA_RESP_ERR__STATE;
  const rd_kafka_resp_err_t problem = __real_rd_kafka_assign(client, partitions);
  if (!waits_for_records) return problem;
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

class KafkaSourceTest : public testing::Test {
 protected:
  ~KafkaSourceTest() override {
    waits_for_records = false;
    if (source_) static_cast<void>(source_->close());
  }
  void open(uint64_t read_ahead_bytes) {
    const Options connection =
        options_of(connector_->connection_options(), "{brokers: \"" + brokers_ + "\"}");
    const Options options =
        options_of(*connector_->source_options(), "{topic: " + topic_ + ", start: earliest}");
    description_ = connector_->make_source(connection, options).value();
    source_ = description_->create();
    const Environment environment{&clock_, files_.get(), &failpoints_, log_.get()};
    ASSERT_TRUE(source_->open({environment, &waker_, topic_, read_ahead_bytes}).has_value());
  }
  Status assign(int32_t partition) {
    return source_->assign({{std::make_shared<Origin>(Origin{topic_, partition}), std::nullopt}});
  }

  const std::string brokers_ = shared_servers().brokers();
  const std::string topic_ = unique_name("assigned");
  const std::unique_ptr<Connector> connector_ = make_kafka_connector();
  NoWaker waker_;
  SystemClock clock_;
  Failpoints failpoints_;
  const std::unique_ptr<Filesystem> files_ = make_posix_filesystem();
  const std::unique_ptr<Log> log_ = make_null_log();
  std::unique_ptr<SourceDescription> description_;
  std::unique_ptr<Source> source_;
};

TEST_F(KafkaSourceTest, LosesNothingThatIsFetchedBeforeItIsBackFromTheAssignment) {
  create_topic(brokers_, topic_, 1);
  produce(brokers_, topic_, std::vector<KafkaRecord>(record_count, {.key = "k", .value = "v"}));
  open(0);
  waits_for_records = true;
  ASSERT_TRUE(assign(0).has_value());
  const std::vector<int64_t> offsets = read_offsets(*source_);
  ASSERT_EQ(offsets.size(), record_count);
  for (size_t i = 0; i < offsets.size(); ++i) EXPECT_EQ(offsets[i], static_cast<int64_t>(i));
}

TEST_F(KafkaSourceTest, SharesWhatItReadsAheadWithPartitionsThatComeLater) {
  create_topic(brokers_, topic_, 2);
  open(8 << 20);
  ASSERT_TRUE(assign(0).has_value());
  EXPECT_EQ(share_kib, "8192");
  ASSERT_TRUE(assign(1).has_value());
  EXPECT_EQ(share_kib, "4096");
}

// What a client connects for comes to its connection before the client knows any topic, as if its
// thread were preempted just then.
class AfterTheConnection : public testing::Test {
 protected:
  AfterTheConnection() { waits_for_connections = true; }
  ~AfterTheConnection() override { waits_for_connections = false; }

  // Of some attempts: only one needs the processor in time.
  static std::chrono::milliseconds fastest(const std::function<Status()>& attempt) {
    auto least = std::chrono::milliseconds::max();
    for (int i = 0; i < 4; ++i) {
      const auto start = std::chrono::steady_clock::now();
      const Status done = attempt();
      EXPECT_TRUE(done.has_value()) << done.error().to_string();
      least = std::min(least, std::chrono::duration_cast<std::chrono::milliseconds>(
                                  std::chrono::steady_clock::now() - start));
    }
    return least;
  }

  // librdkafka looks once a second for topics that it does not know.
  static constexpr std::chrono::milliseconds look{800};
  const std::string brokers_ = shared_servers().brokers();
  const std::unique_ptr<Connector> connector_ = make_kafka_connector();
  const Options connection_ =
      options_of(connector_->connection_options(), "{brokers: \"" + brokers_ + "\"}");
};

TEST_F(AfterTheConnection, ADefiniteReadDoesNotWaitForTheNextLookAtUnknownTopics) {
  kafka::ProgressTopic topic(connection_, unique_name("probed") + ".0");
  ASSERT_TRUE(topic.create().has_value());
  EXPECT_LT(fastest([&]() -> Status {
              SLUICE_TRY(topic.read_definitely());
              return {};
            }),
            look);
}

TEST_F(AfterTheConnection, TheFirstDirectRecordDoesNotWaitForTheNextLookAtUnknownTopics) {
  const std::string topic = unique_name("direct");
  create_topic(brokers_, topic, 1);
  std::string operation;
  kafka::append_operation({"k", "v"}, operation);
  EXPECT_LT(fastest([&]() -> Status {
              kafka::DirectProducer producer(connection_);
              SLUICE_TRY(producer.write(kafka::make_definition(topic), operation));
              return producer.flush();
            }),
            look);
}

// A publisher opens the producer of the next epoch in the background, where memory may be short.
class WarmingUp : public testing::Test {
 protected:
  WarmingUp() {
    world_.open_place(BatteryWorld::schema());
    publisher_ = world_.publisher("o1");
    EXPECT_TRUE(world_.start(*publisher_).has_value());
    has_no_memory_for_a_client = true;
    expect_published(1);
  }
  ~WarmingUp() override { has_no_memory_for_a_client = false; }
  void expect_published(int epoch) {
    const auto outcome =
        world_.publish(*publisher_, "o1", static_cast<uint64_t>(epoch), world_.numbered(epoch, 1));
    ASSERT_TRUE(outcome.has_value()) << outcome.error().to_string();
    EXPECT_EQ(*outcome, PublishOutcome::published);
  }

  BatteryWorld world_{make_kafka_driver(shared_servers())};
  std::unique_ptr<Publisher> publisher_;
};

TEST_F(WarmingUp, ThatFailedIsDoneAgainByTheNextEpoch) {
  expect_published(2);
  EXPECT_FALSE(has_no_memory_for_a_client);
}

TEST_F(WarmingUp, ThatFailedDoesNotEndTheProcessWithThePublisher) {
  publisher_.reset();
  EXPECT_FALSE(has_no_memory_for_a_client);
}

TEST(ProgressTopic, ThatCannotBeAssignedIsNotWaitedFor) {
  const std::string brokers = shared_servers().brokers();
  const auto connector = make_kafka_connector();
  const Options connection =
      options_of(connector->connection_options(), "{brokers: \"" + brokers + "\"}");
  kafka::ProgressTopic topic(connection, unique_name("refused") + ".0");
  ASSERT_TRUE(topic.create().has_value());
  refuses_assignments = true;
  const Result<kafka::Progress> progress = topic.read();
  refuses_assignments = false;
  ASSERT_FALSE(progress.has_value());
  EXPECT_EQ(progress.error().code, ErrorCode::publish_failed) << progress.error().to_string();
  EXPECT_NE(progress.error().message.find("reading progress topic " + topic.name()),
            std::string::npos)
      << progress.error().to_string();
}

}  // namespace
}  // namespace sluice::test
