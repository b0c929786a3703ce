// What every user of librdkafka here shares: handles that close themselves, configuration from
// connection options, and errors as catalogue codes. Configurations are built by one thread;
// handles are used as librdkafka allows.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "config/option_spec.hpp"
#include "connectors/kafka/client_state.hpp"

namespace sluice::kafka {

struct HandleDeleter {
  void operator()(rd_kafka_t* handle) const;
};
using Handle = std::unique_ptr<rd_kafka_t, HandleDeleter>;
// Ends a consumer without waiting for what is under way.
void abandon(Handle consumer);

struct PartitionListDeleter {
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
};
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, PartitionListDeleter>;

struct MessageDeleter {
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
};
using Message = std::unique_ptr<rd_kafka_message_t, MessageDeleter>;

struct QueueDeleter {
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
};
using Queue = std::unique_ptr<rd_kafka_queue_t, QueueDeleter>;

struct TopicDeleter {
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};
using TopicHandle = std::unique_ptr<rd_kafka_topic_t, TopicDeleter>;

// Milliseconds a call on the cluster's metadata may take.
constexpr int metadata_timeout_ms = 10'000;

// A client's own settings. The properties of the connection win: none of those that a file may set
// is needed for a correct result.
using Settings = std::vector<std::pair<std::string, std::string>>;

const OptionTable& connection_options();

// Whether a file may set librdkafka's setting `name`, and to `value`. Error invalid_value.
Status check_property(const std::string& name, const std::string& value);

// transaction.timeout.ms of the connection's producers.
int64_t transaction_timeout_ms(const Options& connection);
// Errors: invalid_value for a setting librdkafka refuses; no network is touched.
Result<Handle> make_client(rd_kafka_type_t type, const Options& connection,
                           const Settings& settings);

// A producer whose deliveries are reported to `on_delivery` (on the thread that polls or flushes),
// with `opaque` as last argument.
Result<Handle> make_producer(const Options& connection, const Settings& settings,
                             DeliveryCallback on_delivery, void* opaque = nullptr);

// A failure of a call on the client, coded by what it means: connection_failed and
// authentication_failed, which name the fields of the connection, topic_missing, else `otherwise`.
Error make_error(const rd_kafka_t* client, rd_kafka_resp_err_t code, std::string_view what,
                 ErrorCode otherwise);
// No broker has answered the client.
Error no_answer(const rd_kafka_t* client, std::string message);

// The partitions of a topic. A producer is to ask before its first record for a topic: one that it
// does not know yet when its connection is up waits for the next time that librdkafka looks for
// such topics, once a second. Errors: topic_missing, connection_failed.
Result<std::vector<int32_t>> partitions_of(rd_kafka_t* handle, const std::string& topic,
                                           int timeout_ms = metadata_timeout_ms);

}  // namespace sluice::kafka
