// ProgressTopic on a cluster that librdkafka plays, whose broker does not know the topic yet.
#include "connectors/kafka/progress_topic.hpp"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <chrono>
#include <future>
#include <memory>

#include "connectors/kafka/kafka_connector.hpp"
#include "support/connector_options.hpp"

namespace sluice::test {
namespace {

TEST(ProgressTopic, WaitsUntilABrokerKnowsTheTopicThatWasCreated) {
  rd_kafka_conf_t* configuration = rd_kafka_conf_new();
  char reason[512];
  rd_kafka_conf_set(configuration, "test.mock.num.brokers", "1", reason, sizeof(reason));
  rd_kafka_conf_set(configuration, "log_level", "3", reason, sizeof(reason));
  const std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)> client(
      rd_kafka_new(RD_KAFKA_PRODUCER, configuration, reason, sizeof(reason)), &rd_kafka_destroy);
  rd_kafka_mock_cluster_t* cluster = rd_kafka_handle_mock_cluster(client.get());
  constexpr const char* name = "ns.pipeline.target.progress";
  rd_kafka_mock_topic_create(cluster, name, 1, 1);
  rd_kafka_mock_topic_set_error(cluster, name, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);

  const auto connector = make_kafka_connector();
  const std::string brokers = rd_kafka_mock_cluster_bootstraps(cluster);
  const Options connection =
      options_of(connector->connection_options(), "{brokers: \"" + brokers + "\"}");
  kafka::ProgressTopic topic(connection, "ns.pipeline.target.0");
  auto reading = std::async(std::launch::async, [&] { return topic.read_definitely(); });
  EXPECT_EQ(reading.wait_for(std::chrono::milliseconds(500)), std::future_status::timeout);
  rd_kafka_mock_topic_set_error(cluster, name, RD_KAFKA_RESP_ERR_NO_ERROR);
  const Result<kafka::Progress> progress = reading.get();
  ASSERT_TRUE(progress.has_value()) << progress.error().to_string();
  EXPECT_FALSE(progress->claim.has_value());
}

}  // namespace
}  // namespace sluice::test
