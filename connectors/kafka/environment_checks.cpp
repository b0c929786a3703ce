#include "connectors/kafka/environment_checks.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "connectors/kafka/kafka_client.hpp"
#include "connectors/kafka/start_offsets.hpp"

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

// A number among the settings of a broker or a topic; -1 when they do not have it.
Result<int64_t> described_number(rd_kafka_t* client, rd_kafka_ResourceType_t type,
                                 const std::string& name, std::string_view setting) {
  std::unique_ptr<rd_kafka_ConfigResource_t, ConfigResourceDeleter> resource(
      rd_kafka_ConfigResource_new(type, name.c_str()));
  Queue queue(rd_kafka_queue_new(client));
  rd_kafka_ConfigResource_t* resources[] = {resource.get()};
  rd_kafka_DescribeConfigs(client, resources, 1, nullptr, queue.get());
  std::unique_ptr<rd_kafka_event_t, EventDeleter> event(
      rd_kafka_queue_poll(queue.get(), metadata_timeout_ms));
  if (!event) return fail(no_answer(client, "the brokers do not describe their settings in time"));
  if (const auto code = rd_kafka_event_error(event.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return fail(make_error(client, code, "describing " + name, ErrorCode::connection_failed));
  }
  size_t count = 0;
  const auto* described = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  if (count == 0) return -1;
  size_t entries = 0;
  const auto* configs = rd_kafka_ConfigResource_configs(described[0], &entries);
  for (size_t i = 0; i < entries; ++i) {
    if (std::string_view(rd_kafka_ConfigEntry_name(configs[i])) != setting) continue;
    const char* value = rd_kafka_ConfigEntry_value(configs[i]);
    return value == nullptr ? -1 : std::atoll(value);
  }
  return -1;
}

// transaction.max.timeout.ms of the broker that answers; -1 when it does not say.
Result<int64_t> broker_transaction_limit_ms(rd_kafka_t* client) {
  const int32_t broker = rd_kafka_controllerid(client, metadata_timeout_ms);
  return described_number(client, RD_KAFKA_RESOURCE_BROKER, std::to_string(broker),
                          "transaction.max.timeout.ms");
}

struct Topic {
  Handle client;
  std::vector<int32_t> partitions;
};

Result<Topic> open_topic(const Options& connection, const std::string& name) {
  SLUICE_ASSIGN(Handle client, make_client(RD_KAFKA_PRODUCER, connection, {}));
  SLUICE_ASSIGN(std::vector<int32_t> partitions, partitions_of(client.get(), name));
  return Topic{std::move(client), std::move(partitions)};
}

// Its Error has been reported.
Result<Topic> find_topic(const Options& connection, const Options& options,
                         Diagnostics& diagnostics) {
  Result<Topic> topic = open_topic(connection, options.text("topic"));
  if (!topic) {
    const Error& error = topic.error();
    diagnostics.error(error.code, options.location("topic"), error.message, error.advice);
  }
  return topic;
}

void check_start(const Topic& topic, const Options& options, int32_t partition, int64_t wanted,
                 Diagnostics& diagnostics) {
  const std::string& name = options.text("topic");
  const auto report = [&](const Error& error, bool is_warning) {
    diagnostics.add({.code = error.code,
                     .severity = is_warning ? Severity::warning : Severity::error,
                     .location = options.location("start"),
                     .path = options.node("start").path(),
                     .message = error.message,
                     .suggestion = error.advice});
  };
  if (!std::binary_search(topic.partitions.begin(), topic.partitions.end(), partition))
    return report(no_partition(name, partition, topic.partitions), false);
  const Result<KeptOffsets> kept = kept_offsets(topic.client.get(), name, partition);
  if (!kept) return report(kept.error(), false);
  if (wanted >= kept->low && wanted <= kept->high) return;
  Error error = not_kept(name, partition, wanted, *kept);
  const std::string& policy = options.text("on_out_of_range");
  if (policy != "fail") error.advice = "on_out_of_range starts at the " + policy + " instead";
  report(error, policy != "fail");
}

// A record that the topic does not take would be tried again and again.
void check_record_size(const Topic& topic, const Options& options, Diagnostics& diagnostics) {
  const std::string& name = options.text("topic");
  const Result<int64_t> limit =
      described_number(topic.client.get(), RD_KAFKA_RESOURCE_TOPIC, name, "max.message.bytes");
  const int64_t wanted = options.bytes("max_record_bytes");
  const SourceLocation& place =
      options.location(options.is_given("max_record_bytes") ? "max_record_bytes" : "topic");
  if (!limit) {
    diagnostics.warning(limit.error().code, place, limit.error().message, limit.error().way_on());
  } else if (*limit >= 0 && *limit < wanted) {
    diagnostics.warning(ErrorCode::target_unsuitable, place,
                        "topic " + name + " takes messages of " + std::to_string(*limit) +
                            " bytes, max_record_bytes is " + std::to_string(wanted),
                        "lower max_record_bytes, or raise the topic's max.message.bytes");
  }
}

void check_transactions(const Options& connection, const Options& options,
                        Diagnostics& diagnostics) {
  const Result<Handle> client = make_client(RD_KAFKA_PRODUCER, connection, {});
  if (!client) return;  // find_topic has said so
  const int64_t wanted_ms = transaction_timeout_ms(connection);
  const Result<int64_t> limit_ms = broker_transaction_limit_ms(client->get());
  if (!limit_ms) {
    diagnostics.warning(limit_ms.error().code, options.location("topic"), limit_ms.error().message,
                        limit_ms.error().way_on());
  } else if (*limit_ms >= 0 && *limit_ms < wanted_ms) {
    diagnostics.error(ErrorCode::target_unsuitable, options.location("topic"),
                      "the brokers allow transactions of " + std::to_string(*limit_ms) + " ms, " +
                          std::to_string(wanted_ms) + " are needed",
                      "raise transaction.max.timeout.ms of the brokers");
  }
}

}  // namespace

void check_source(const Options& connection, const Options& options, Diagnostics& diagnostics) {
  const Result<Topic> topic = find_topic(connection, options, diagnostics);
  const Result<StartPosition> start = parse_start(options);
  if (!topic || !start) return;
  for (const auto& [partition, offset] : start->offsets) {
    check_start(*topic, options, partition, offset, diagnostics);
  }
}

void check_sink(const Options& connection, const Options& options, Diagnostics& diagnostics) {
  const Result<Topic> topic = find_topic(connection, options, diagnostics);
  // The brokers are there, even if the topic is not.
  if (!topic && topic.error().code != ErrorCode::topic_missing) return;
  if (topic) check_record_size(*topic, options, diagnostics);
  check_transactions(connection, options, diagnostics);
}

}  // namespace sluice::kafka
