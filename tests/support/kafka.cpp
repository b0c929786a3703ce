#include "support/kafka.hpp"

#include <librdkafka/rdkafka.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <tuple>

namespace sluice::test {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int timeout_ms = 30'000;
// A committed transaction ends in each partition a little later than its commit is answered.
constexpr auto transaction_end_wait = std::chrono::seconds(5);

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};

using Client = std::unique_ptr<rd_kafka_t, Freed<rd_kafka_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Freed<rd_kafka_queue_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Freed<rd_kafka_event_destroy>>;
using Message = std::unique_ptr<rd_kafka_message_t, Freed<rd_kafka_message_destroy>>;
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Freed<rd_kafka_NewTopic_destroy>>;
using NewPartitions =
    std::unique_ptr<rd_kafka_NewPartitions_t, Freed<rd_kafka_NewPartitions_destroy>>;
using DeleteTopic = std::unique_ptr<rd_kafka_DeleteTopic_t, Freed<rd_kafka_DeleteTopic_destroy>>;
using DeleteRecords =
    std::unique_ptr<rd_kafka_DeleteRecords_t, Freed<rd_kafka_DeleteRecords_destroy>>;
using Metadata = std::unique_ptr<const rd_kafka_metadata_t, Freed<rd_kafka_metadata_destroy>>;
using Partitions =
    std::unique_ptr<rd_kafka_topic_partition_list_t, Freed<rd_kafka_topic_partition_list_destroy>>;

[[noreturn]] void fail(const std::string& act, const std::string& reason) {
  throw std::runtime_error(act + ": " + reason);
}

void check(rd_kafka_resp_err_t error, const std::string& act) {
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) fail(act, rd_kafka_err2str(error));
}

using Settings = std::map<std::string, std::string>;

// Collects the first delivery failure of a producer.
void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* first_error) {
  auto* error = static_cast<rd_kafka_resp_err_t*>(first_error);
  if (*error == RD_KAFKA_RESP_ERR_NO_ERROR) *error = message->err;
}

Client make_client(rd_kafka_type_t type, const Settings& settings,
                   rd_kafka_resp_err_t* first_delivery_error = nullptr) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  if (first_delivery_error != nullptr) {
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_conf_set_opaque(conf, first_delivery_error);
  }
  std::array<char, 512> reason{};
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason.data(), reason.size()) !=
        RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(conf);
      fail("setting " + name, reason.data());
    }
  }
  Client client(rd_kafka_new(type, conf, reason.data(), reason.size()));
  if (client == nullptr) {
    rd_kafka_conf_destroy(conf);
    fail("making a client", reason.data());
  }
  return client;
}

// Waits for the one result of an admin request and throws the error that the broker gave for the
// topic.
void await_admin_result(rd_kafka_queue_t* queue, const std::string& act) {
  const Event event(rd_kafka_queue_poll(queue, timeout_ms));
  if (event == nullptr) fail(act, "no answer in time");
  check(rd_kafka_event_error(event.get()), act);
  std::size_t count = 0;
  const rd_kafka_topic_result_t** results = nullptr;
  if (const auto* created = rd_kafka_event_CreateTopics_result(event.get())) {
    results = rd_kafka_CreateTopics_result_topics(created, &count);
  } else if (const auto* grown = rd_kafka_event_CreatePartitions_result(event.get())) {
    results = rd_kafka_CreatePartitions_result_topics(grown, &count);
  } else if (const auto* deleted = rd_kafka_event_DeleteTopics_result(event.get())) {
    results = rd_kafka_DeleteTopics_result_topics(deleted, &count);
  }
  if (count != 1) fail(act, "unexpected answer");
  check(rd_kafka_topic_result_error(results[0]), act);
}

int partition_count(rd_kafka_t* client, const std::string& topic) {
  const std::unique_ptr<rd_kafka_topic_t, Freed<rd_kafka_topic_destroy>> handle(
      rd_kafka_topic_new(client, topic.c_str(), nullptr));
  const rd_kafka_metadata_t* answer = nullptr;
  check(rd_kafka_metadata(client, 0, handle.get(), &answer, timeout_ms), "metadata of " + topic);
  const Metadata metadata(answer);
  check(metadata->topics[0].err, "metadata of " + topic);
  return metadata->topics[0].partition_cnt;
}

// A created topic has a leader a moment after the broker has said that it exists.
void await_leaders(rd_kafka_t* client, const std::string& topic, int partitions) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  std::string last_reason = "fewer partitions than asked for";
  while (std::chrono::steady_clock::now() < deadline) {
    try {
      if (partition_count(client, topic) != partitions) continue;
      for (int partition = 0; partition < partitions; ++partition) {
        int64_t low = 0;
        int64_t high = 0;
        check(rd_kafka_query_watermark_offsets(client, topic.c_str(), partition, &low, &high, 1000),
              "offsets");
      }
      return;
    } catch (const std::runtime_error& error) {
      last_reason = error.what();
    }
  }
  fail("waiting for " + topic, last_reason);
}

rd_kafka_headers_t* make_headers(const KafkaRecord& record) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
  for (const auto& [name, value] : record.headers) {
    const void* data = value.has_value() ? value->data() : nullptr;
    const auto size = value.has_value() ? static_cast<ssize_t>(value->size()) : 0;
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), data, size);
  }
  return headers;
}

rd_kafka_resp_err_t produce_one(rd_kafka_t* client, const std::string& topic,
                                const KafkaRecord& record) {
  rd_kafka_headers_t* headers = make_headers(record);
  const auto data_of = [](const std::optional<std::string>& text) -> void* {
    return text.has_value() ? const_cast<char*>(text->data()) : nullptr;
  };
  const auto size_of = [](const std::optional<std::string>& text) {
    return text.has_value() ? text->size() : 0;
  };
  const rd_kafka_resp_err_t error = rd_kafka_producev(
      client, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(record.partition),
      RD_KAFKA_V_KEY(data_of(record.key), size_of(record.key)),
      RD_KAFKA_V_VALUE(data_of(record.value), size_of(record.value)),
      RD_KAFKA_V_TIMESTAMP(record.timestamp_ms), RD_KAFKA_V_HEADERS(headers),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
  return error;
}

Client make_reader(const std::string& brokers, Isolation isolation) {
  const bool committed_only = isolation == Isolation::read_committed;
  Client client =
      make_client(RD_KAFKA_CONSUMER,
                  {{"bootstrap.servers", brokers},
                   {"group.id", "unused"},
                   {"enable.auto.commit", "false"},
                   {"enable.partition.eof", "true"},
                   {"fetch.wait.max.ms", "10"},
                   {"fetch.message.max.bytes", "20000000"},
                   {"isolation.level", committed_only ? "read_committed" : "read_uncommitted"}});
  rd_kafka_poll_set_consumer(client.get());
  return client;
}

void assign_from_beginning(rd_kafka_t* client, const std::string& topic, int partitions) {
  const Partitions assignment(rd_kafka_topic_partition_list_new(partitions));
  for (int partition = 0; partition < partitions; ++partition) {
    rd_kafka_topic_partition_list_add(assignment.get(), topic.c_str(), partition)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  check(rd_kafka_assign(client, assignment.get()), "reading " + topic);
}

KafkaRecord to_record(const rd_kafka_message_t* message) {
  KafkaRecord record;
  record.partition = message->partition;
  record.offset = message->offset;
  if (message->key != nullptr)
    record.key.emplace(static_cast<const char*>(message->key), message->key_len);
  if (message->payload != nullptr)
    record.value.emplace(static_cast<const char*>(message->payload), message->len);
  record.timestamp_ms = rd_kafka_message_timestamp(message, nullptr);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return record;
  const char* name = nullptr;
  const void* data = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &data, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    record.headers.emplace_back(name, data == nullptr ? std::nullopt
                                                      : std::make_optional<std::string>(
                                                            static_cast<const char*>(data), size));
  }
  return record;
}

}  // namespace

void create_topic(const std::string& brokers, const std::string& topic, int partitions,
                  const std::map<std::string, std::string>& config) {
  const Client client = make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers}});
  std::array<char, 512> reason{};
  const NewTopic wanted(
      rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, reason.data(), reason.size()));
  if (wanted == nullptr) fail("creating " + topic, reason.data());
  for (const auto& [name, value] : config) {
    check(rd_kafka_NewTopic_set_config(wanted.get(), name.c_str(), value.c_str()),
          "setting " + name);
  }
  const Queue queue(rd_kafka_queue_new(client.get()));
  std::array<rd_kafka_NewTopic_t*, 1> all{wanted.get()};
  rd_kafka_CreateTopics(client.get(), all.data(), all.size(), nullptr, queue.get());
  await_admin_result(queue.get(), "creating " + topic);
  await_leaders(client.get(), topic, partitions);
}

void grow_topic(const std::string& brokers, const std::string& topic, int partitions) {
  const Client client = make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers}});
  std::array<char, 512> reason{};
  const NewPartitions wanted(rd_kafka_NewPartitions_new(
      topic.c_str(), static_cast<std::size_t>(partitions), reason.data(), reason.size()));
  if (wanted == nullptr) fail("growing " + topic, reason.data());
  const Queue queue(rd_kafka_queue_new(client.get()));
  std::array<rd_kafka_NewPartitions_t*, 1> all{wanted.get()};
  rd_kafka_CreatePartitions(client.get(), all.data(), all.size(), nullptr, queue.get());
  await_admin_result(queue.get(), "growing " + topic);
  await_leaders(client.get(), topic, partitions);
}

void delete_topic(const std::string& brokers, const std::string& topic) {
  const Client client = make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers}});
  const DeleteTopic wanted(rd_kafka_DeleteTopic_new(topic.c_str()));
  const Queue queue(rd_kafka_queue_new(client.get()));
  std::array<rd_kafka_DeleteTopic_t*, 1> all{wanted.get()};
  rd_kafka_DeleteTopics(client.get(), all.data(), all.size(), nullptr, queue.get());
  await_admin_result(queue.get(), "deleting " + topic);
}

void delete_records(const std::string& brokers, const std::string& topic, int32_t partition,
                    int64_t before) {
  const Client client = make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers}});
  const Partitions offsets(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(offsets.get(), topic.c_str(), partition)->offset = before;
  const DeleteRecords wanted(rd_kafka_DeleteRecords_new(offsets.get()));
  const Queue queue(rd_kafka_queue_new(client.get()));
  std::array<rd_kafka_DeleteRecords_t*, 1> all{wanted.get()};
  rd_kafka_DeleteRecords(client.get(), all.data(), all.size(), nullptr, queue.get());
  const Event event(rd_kafka_queue_poll(queue.get(), timeout_ms));
  if (event == nullptr) fail("deleting records of " + topic, "no answer in time");
  check(rd_kafka_event_error(event.get()), "deleting records of " + topic);
}

void produce(const std::string& brokers, const std::string& topic,
             const std::vector<KafkaRecord>& records) {
  rd_kafka_resp_err_t first_error = RD_KAFKA_RESP_ERR_NO_ERROR;
  const Client client = make_client(RD_KAFKA_PRODUCER,
                                    {{"bootstrap.servers", brokers},
                                     {"enable.idempotence", "true"},
                                     {"linger.ms", "1"},
                                     {"message.max.bytes", "20000000"},
                                     {"message.timeout.ms", std::to_string(timeout_ms)}},
                                    &first_error);
  for (const KafkaRecord& record : records) {
    rd_kafka_resp_err_t error = produce_one(client.get(), topic, record);
    while (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      rd_kafka_poll(client.get(), 100);
      error = produce_one(client.get(), topic, record);
    }
    check(error, "producing to " + topic);
  }
  check(rd_kafka_flush(client.get(), timeout_ms), "producing to " + topic);
  check(first_error, "producing to " + topic);
}

namespace {

// By partition: the end of what is written, whatever of it is committed.
std::vector<int64_t> written_ends(const std::string& brokers, const std::string& topic,
                                  int partitions) {
  const Client client = make_reader(brokers, Isolation::read_uncommitted);
  std::vector<int64_t> ends;
  for (int32_t partition = 0; partition < partitions; ++partition) {
    int64_t first = 0;
    int64_t end = 0;
    check(rd_kafka_query_watermark_offsets(client.get(), topic.c_str(), partition, &first, &end,
                                           timeout_ms),
          "asking for the end of " + topic);
    ends.push_back(end);
  }
  return ends;
}

}  // namespace

std::vector<KafkaRecord> read_all(const std::string& brokers, const std::string& topic,
                                  Isolation isolation) {
  const Client client = make_reader(brokers, isolation);
  const int partitions = partition_count(client.get(), topic);
  assign_from_beginning(client.get(), topic, partitions);
  const std::vector<int64_t> ends = written_ends(brokers, topic, partitions);
  std::vector<KafkaRecord> records;
  std::set<int32_t> seen_ends;
  std::set<int32_t> finished;
  std::optional<SteadyClock::time_point> deadline;
  while (finished.size() < ends.size() && (!deadline || SteadyClock::now() < *deadline)) {
    const Message message(rd_kafka_consumer_poll(client.get(), deadline ? 100 : timeout_ms));
    if (message == nullptr && deadline) continue;
    if (message == nullptr) fail("reading " + topic, "no answer in time");
    if (message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      check(message->err, "reading " + topic);
      records.push_back(to_record(message.get()));
      continue;
    }
    seen_ends.insert(message->partition);
    if (message->offset >= ends[static_cast<std::size_t>(message->partition)])
      finished.insert(message->partition);
    if (!deadline && seen_ends.size() == ends.size())
      deadline = SteadyClock::now() + transaction_end_wait;
  }
  std::sort(records.begin(), records.end(), [](const KafkaRecord& a, const KafkaRecord& b) {
    return std::tie(a.partition, a.offset) < std::tie(b.partition, b.offset);
  });
  return records;
}

}  // namespace sluice::test
