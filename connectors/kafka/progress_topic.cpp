#include "connectors/kafka/progress_topic.hpp"

#include <array>
#include <chrono>
#include <sstream>
#include <utility>

#include "connectors/kafka/kafka_client.hpp"

namespace sluice::kafka {

namespace {

using SteadyClock = std::chrono::steady_clock;

// Longer than a transaction may stay open, so that a read past a probe does not give up too early.
constexpr auto read_timeout = std::chrono::seconds(90);
constexpr int delivery_timeout_ms = 30'000;
constexpr int poll_ms = 100;

struct NewTopicDeleter {
  void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
};

// The offset of an acknowledged record, or why there is none.
struct Delivery {
  bool done = false;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  int64_t offset = -1;
};

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  auto* delivery = static_cast<Delivery*>(message->_private);
  if (delivery == nullptr) return;
  delivery->done = true;
  delivery->error = message->err;
  delivery->offset = message->offset;
}

Result<bool> topic_exists(rd_kafka_t* client, const std::string& topic) {
  const Result<std::vector<int32_t>> partitions = partitions_of(client, topic);
  if (partitions) return true;
  if (partitions.error().code == ErrorCode::topic_missing) return false;
  return fail(partitions.error());
}

// One that has just been created is not known to every broker at once.
Status await_topic(rd_kafka_t* client, const std::string& topic) {
  const auto deadline = SteadyClock::now() + std::chrono::milliseconds(delivery_timeout_ms);
  while (SteadyClock::now() < deadline) {
    SLUICE_ASSIGN(const bool is_there, topic_exists(client, topic));
    if (is_there) return {};
    rd_kafka_poll(client, poll_ms);
  }
  return fail_retriable(ErrorCode::publish_failed,
                        "progress topic " + topic + " was created and no broker knows it");
}

Status add_record(const rd_kafka_message_t& message, Progress& progress) {
  const std::string_view key(static_cast<const char*>(message.key), message.key_len);
  const std::string_view value(static_cast<const char*>(message.payload), message.len);
  if (key == ProgressTopic::claim_key) {
    SLUICE_ASSIGN(progress.claim, decode_claim(value));
  } else if (key == ProgressTopic::marker_key) {
    SLUICE_ASSIGN(progress.marker, decode_marker(value));
  }
  return {};
}

}  // namespace

std::string encode_claim(const Claim& claim) { return "1 " + claim.uid + " " + claim.owner; }

std::string encode_marker(const Marker& marker) {
  std::ostringstream text;
  text << "1 " << marker.uid << ' ' << marker.epoch.value << ' ' << marker.checksum << ' '
       << marker.rejects_checksum;
  return text.str();
}

Result<Claim> decode_claim(std::string_view text) {
  std::istringstream in{std::string(text)};
  int version = 0;
  Claim claim;
  if (in >> version >> claim.uid >> claim.owner && version == 1) return claim;
  return fail(ErrorCode::target_refused, "the progress topic holds a claim of an unknown form");
}

Result<Marker> decode_marker(std::string_view text) {
  std::istringstream in{std::string(text)};
  int version = 0;
  Marker marker;
  if (in >> version >> marker.uid >> marker.epoch.value >> marker.checksum >>
          marker.rejects_checksum &&
      version == 1) {
    return marker;
  }
  return fail(ErrorCode::target_refused, "the progress topic holds a marker of an unknown form");
}

ProgressTopic::ProgressTopic(const Options& connection, std::string target_id)
    : connection_(connection) {
  const size_t dot = target_id.rfind('.');
  partition_ = std::stoi(target_id.substr(dot + 1));
  name_ = target_id.substr(0, dot) + ".progress";
}

Status ProgressTopic::create() {
  SLUICE_ASSIGN(const Handle client, make_client(RD_KAFKA_PRODUCER, connection_, {}));
  SLUICE_ASSIGN(const bool is_there, topic_exists(client.get(), name_));
  if (is_there) return {};
  char message[512];
  std::unique_ptr<rd_kafka_NewTopic_t, NewTopicDeleter> topic(
      rd_kafka_NewTopic_new(name_.c_str(), partition_ + 1, -1, message, sizeof(message)));
  if (!topic) return fail(ErrorCode::target_unsuitable, "progress topic " + name_ + ": " + message);
  constexpr std::array<std::pair<const char*, const char*>, 4> settings = {
      {{"cleanup.policy", "compact"},
       {"retention.ms", "-1"},
       {"segment.bytes", "1048576"},
       {"min.cleanable.dirty.ratio", "0.5"}}};
  for (const auto& [name, value] : settings) rd_kafka_NewTopic_set_config(topic.get(), name, value);
  Queue queue(rd_kafka_queue_new(client.get()));
  rd_kafka_NewTopic_t* topics[] = {topic.get()};
  rd_kafka_CreateTopics(client.get(), topics, 1, nullptr, queue.get());
  std::unique_ptr<rd_kafka_event_t, decltype(&rd_kafka_event_destroy)> event(
      rd_kafka_queue_poll(queue.get(), delivery_timeout_ms), &rd_kafka_event_destroy);
  if (!event) {
    return fail(no_answer(client.get(), "creating progress topic " + name_ + " timed out"));
  }
  size_t count = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  rd_kafka_resp_err_t problem = rd_kafka_event_error(event.get());
  if (count > 0) problem = rd_kafka_topic_result_error(results[0]);
  if (problem == RD_KAFKA_RESP_ERR_NO_ERROR || problem == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
    return await_topic(client.get(), name_);
  return fail(make_error(client.get(), problem, "creating progress topic " + name_,
                         ErrorCode::target_unsuitable));
}

Result<Progress> ProgressTopic::read() { return read_until(std::nullopt); }

Result<Progress> ProgressTopic::read_definitely() {
  SLUICE_ASSIGN(const int64_t offset, write_probe());
  return read_until(offset);
}

Result<int64_t> ProgressTopic::write_probe() {
  Delivery delivery;
  SLUICE_ASSIGN(const Handle producer,
                make_producer(connection_, {{"enable.idempotence", "true"}}, on_delivery));
  SLUICE_TRY(await_topic(producer.get(), name_));
  const auto problem = rd_kafka_producev(
      producer.get(), RD_KAFKA_V_TOPIC(name_.c_str()), RD_KAFKA_V_PARTITION(partition_),
      RD_KAFKA_V_KEY("probe", 5), RD_KAFKA_V_VALUE(const_cast<char*>("1"), 1),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE(&delivery), RD_KAFKA_V_END);
  if (problem != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return fail(make_error(producer.get(), problem, "probing progress topic " + name_,
                           ErrorCode::publish_failed));
  }
  rd_kafka_flush(producer.get(), delivery_timeout_ms);
  if (!delivery.done) {
    rd_kafka_purge(producer.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(producer.get(), delivery_timeout_ms);
    return fail(no_answer(producer.get(), "probing progress topic " + name_ + " timed out"));
  }
  if (delivery.error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return fail(make_error(producer.get(), delivery.error, "probing progress topic " + name_,
                           ErrorCode::publish_failed));
  }
  return delivery.offset;
}

Result<Progress> ProgressTopic::read_until(std::optional<int64_t> offset) {
  SLUICE_ASSIGN(const Handle consumer, make_client(RD_KAFKA_CONSUMER, connection_,
                                                   {{"group.id", name_},
                                                    {"enable.auto.commit", "false"},
                                                    {"enable.partition.eof", "true"},
                                                    {"auto.offset.reset", "error"},
                                                    {"isolation.level", "read_committed"},
                                                    {"fetch.wait.max.ms", "10"}}));
  SLUICE_ASSIGN(const bool is_there, topic_exists(consumer.get(), name_));
  // What was read before holds until it is read to the end again; an error forgets it.
  Progress progress = std::exchange(read_, Progress{});
  int64_t next = std::exchange(next_offset_, RD_KAFKA_OFFSET_BEGINNING);
  if (!is_there && !offset) return Progress{};
  if (!is_there) {
    return fail_retriable(ErrorCode::publish_failed,
                          "progress topic " + name_ + " has a record but is not known everywhere");
  }
  // An offset by number, from a leader that has just answered: for "the beginning" of a partition
  // whose leader it does not know yet, the client would wait half a second before it asks. That is
  // what is left when there is no answer, as from the leader of a topic that is a moment old.
  int64_t first = 0;
  int64_t end = 0;
  const bool is_known =
      rd_kafka_query_watermark_offsets(consumer.get(), name_.c_str(), partition_, &first, &end,
                                       metadata_timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR;
  if (is_known && (next < first || next > end)) {  // nothing was read yet, or it was created again
    progress = Progress{};
    next = first;
  }
  rd_kafka_poll_set_consumer(consumer.get());
  PartitionList list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), name_.c_str(), partition_)->offset = next;
  if (const auto problem = rd_kafka_assign(consumer.get(), list.get());
      problem != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return fail(make_error(consumer.get(), problem, "reading progress topic " + name_,
                           ErrorCode::publish_failed));
  }
  const auto deadline = SteadyClock::now() + read_timeout;
  bool finished = false;
  while (!finished) {
    if (SteadyClock::now() > deadline) {
      return fail_retriable(
          ErrorCode::publish_failed,
          "progress topic " + name_ + ": a transaction of another client stays open");
    }
    const Message message(rd_kafka_consumer_poll(consumer.get(), poll_ms));
    if (!message) continue;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      SLUICE_TRY(add_record(*message, progress));
      next = message->offset + 1;
      finished = offset && message->offset >= *offset;
    } else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      finished = !offset || message->offset > *offset;
    } else if (message->err != RD_KAFKA_RESP_ERR__TRANSPORT &&
               message->err != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
      return fail(make_error(consumer.get(), message->err, "reading progress topic " + name_,
                             ErrorCode::publish_failed));
    }
  }
  rd_kafka_consumer_close(consumer.get());
  read_ = progress;
  next_offset_ = next;
  if (progress.marker && progress.claim) progress.marker->owner = progress.claim->owner;
  return progress;
}

}  // namespace sluice::kafka
