#include "connectors/kafka/environment_checks.hpp"

#include <cstdlib>
#include <string_view>

#include "connectors/kafka/kafka_client.hpp"

namespace sluice::kafka {

namespace {

struct ConfigResourceDeleter {
  void operator()(rd_kafka_ConfigResource_t* resource) const {
    rd_kafka_ConfigResource_destroy(resource);
  }
};
struct EventDeleter {
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
};

// transaction.max.timeout.ms of the broker that answers; -1 when it does not say.
Result<int64_t> broker_transaction_limit_ms(rd_kafka_t* client) {
  const int32_t broker = rd_kafka_controllerid(client, metadata_timeout_ms);
  std::unique_ptr<rd_kafka_ConfigResource_t, ConfigResourceDeleter> resource(
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_BROKER, std::to_string(broker).c_str()));
  Queue queue(rd_kafka_queue_new(client));
  rd_kafka_ConfigResource_t* resources[] = {resource.get()};
  rd_kafka_DescribeConfigs(client, resources, 1, nullptr, queue.get());
  std::unique_ptr<rd_kafka_event_t, EventDeleter> event(
      rd_kafka_queue_poll(queue.get(), metadata_timeout_ms));
  if (!event)
    return fail_retriable(ErrorCode::connection_failed,
                          "the brokers do not describe their settings in time");
  if (const auto code = rd_kafka_event_error(event.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return fail(make_error(code, "describing a broker", ErrorCode::connection_failed));
  }
  size_t count = 0;
  const auto* described = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  if (count == 0) return -1;
  size_t entries = 0;
  const auto* configs = rd_kafka_ConfigResource_configs(described[0], &entries);
  for (size_t i = 0; i < entries; ++i) {
    if (std::string_view(rd_kafka_ConfigEntry_name(configs[i])) == "transaction.max.timeout.ms") {
      return std::atoll(rd_kafka_ConfigEntry_value(configs[i]));
    }
  }
  return -1;
}

}  // namespace

void check_topic(const Options& connection, const Options& options, Diagnostics& diagnostics) {
  const Result<Handle> client = make_client(RD_KAFKA_PRODUCER, connection, {});
  if (!client)
    return diagnostics.error(client.error().code, options.location("topic"),
                             client.error().message);
  const auto partitions = partitions_of(client->get(), options.text("topic"));
  if (partitions) return;
  diagnostics.error(partitions.error().code, options.location("topic"), partitions.error().message,
                    partitions.error().advice);
}

void check_transactions(const Options& connection, const Options& options,
                        Diagnostics& diagnostics) {
  const Result<Handle> client = make_client(RD_KAFKA_PRODUCER, connection, {});
  if (!client) return;  // check_topic has said so
  const int64_t wanted_ms = transaction_timeout_ms(connection);
  const Result<int64_t> limit_ms = broker_transaction_limit_ms(client->get());
  if (!limit_ms) {
    diagnostics.warning(limit_ms.error().code, options.location("topic"), limit_ms.error().message);
  } else if (*limit_ms >= 0 && *limit_ms < wanted_ms) {
    diagnostics.error(ErrorCode::target_unsuitable, options.location("topic"),
                      "the brokers allow transactions of " + std::to_string(*limit_ms) + " ms, " +
                          std::to_string(wanted_ms) + " are needed",
                      "raise transaction.max.timeout.ms of the brokers");
  }
}

}  // namespace sluice::kafka
