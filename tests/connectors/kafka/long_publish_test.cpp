// A publish that takes longer than the transaction timeout, because the broker hangs in the middle
// of it: the broker gives the transaction up, and new instances publish again.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "connectors/battery/world.hpp"
#include "connectors/kafka/transaction.hpp"
#include "support/connector_options.hpp"
#include "support/kafka.hpp"

namespace sluice::test {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr auto patience = std::chrono::seconds(30);

// Long beside what a cold broker takes for a few records, which come before it hangs.
constexpr int transaction_timeout_ms = 20'000;

std::string connection_to(const std::string& brokers) {
  return "{brokers: \"" + brokers + "\", properties: {socket.timeout.ms: 3000, " +
         "transaction.timeout.ms: " + std::to_string(transaction_timeout_ms) + "}}";
}

// What the publisher finds once it finds anything: the broker has been thawed just now. How long
// that may take is the test runner's to say.
Result<Marker> resolve(Publisher& publisher) {
  while (true) {
    Result<Marker> marker = publisher.resolve();
    if (marker || marker.error().retry == Retry::never) return marker;
  }
}

// Gives the first operation, and the others once that is in the log and the broker hangs.
class HangsInTheMiddle final : public OperationReader {
 public:
  HangsInTheMiddle(TestServers& servers, std::string topic, Operations all)
      : servers_(servers),
        topic_(std::move(topic)),
        brokers_(servers.brokers()),
        all_(std::move(all)) {}
  Result<std::optional<Operation>> next() override {
    if (++given_ == 2) {
      while (read_all(brokers_, topic_, Isolation::read_uncommitted).empty())
        std::this_thread::yield();
      servers_.freeze(Server::kafka);
    }
    return all_.next();
  }
  Status rewind() override {
    given_ = 0;
    return all_.rewind();
  }

 private:
  TestServers& servers_;
  const std::string topic_;
  const std::string brokers_;
  MemoryOperations all_;
  int given_ = 0;
};

TEST(LongPublish, LongerThanTheTransactionTimeoutIsPublishedAgainByNewInstances) {
  TestServers servers;
  BatteryWorld world(make_kafka_driver(servers));
  world.open_place(BatteryWorld::schema());
  const auto publisher = world.publisher_by(connection_to(servers.brokers()), "o1");
  ASSERT_TRUE(world.start(*publisher).has_value());
  const Operations operations = world.numbered(1, 2);
  HangsInTheMiddle reader(servers, world.driver().place(), operations);
  PublishRequest request;
  request.after = BatteryWorld::marker("o1", 0);
  request.epoch = Epoch(1);
  request.checksum = BatteryWorld::checksum_of(1);
  request.sinks = {world.definition()};
  request.operations = &reader;
  request.rejects = &world.rejects();
  const auto begun = SteadyClock::now();
  const auto hung = publisher->publish(request);
  EXPECT_FALSE(hung.has_value() && *hung == PublishOutcome::published);
  const Retry retry = hung ? Retry::later : hung.error().retry;
  EXPECT_EQ(retry, Retry::later);
  EXPECT_FALSE(publisher->resolve().has_value());
  EXPECT_GT(SteadyClock::now() - begun, std::chrono::milliseconds(transaction_timeout_ms));
  servers.thaw(Server::kafka);
  EXPECT_EQ(marker_text(resolve(*publisher)), "u1/o1 epoch 0 checksum 0");
  EXPECT_TRUE(world.driver().shown().empty());
  const auto again = world.publish(*publisher, "o1", 1, operations);
  ASSERT_TRUE(again.has_value()) << again.error().to_string();
  EXPECT_EQ(*again, PublishOutcome::published);
  // Brokers show a transaction some moments after they have said that it is committed.
  const auto deadline = SteadyClock::now() + patience;
  while (world.driver().shown().size() < 2 && SteadyClock::now() < deadline) {
  }
  EXPECT_EQ(world.driver().shown().size(), 2u);
}

TEST(LongPublish, CommitOfABrokerThatHangsIsUnknownWhenTheTransactionHasTimedOut) {
  TestServers servers;
  BatteryWorld world(make_kafka_driver(servers));
  world.open_place(BatteryWorld::schema());
  const std::string topic = world.driver().place();
  const Options options =
      options_of(world.connector().connection_options(), connection_to(servers.brokers()));
  auto producer = kafka::TransactionalProducer::open(options, "hanging_commit", {topic});
  ASSERT_TRUE(producer.has_value()) << producer.error().to_string();
  ASSERT_TRUE((*producer)->begin().has_value());
  ASSERT_TRUE((*producer)->produce(topic, 0, "k", "v", 0).has_value());
  std::vector<kafka::RefusedRecord> refused;
  ASSERT_EQ((*producer)->flush(refused), kafka::TransactionStep::done);
  servers.freeze(Server::kafka);
  EXPECT_EQ((*producer)->commit(), kafka::TransactionStep::unknown);
  EXPECT_EQ((*producer)->problem().retry, Retry::later);
  servers.thaw(Server::kafka);
}

}  // namespace
}  // namespace sluice::test
