#include "connectors/kafka/kafka_source.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "connectors/kafka/consumer.hpp"
#include "connectors/kafka/kafka_client.hpp"
#include "connectors/kafka/message_headers.hpp"
#include "connectors/kafka/record_identity.hpp"
#include "connectors/kafka/split_finding.hpp"
#include "connectors/kafka/start_offsets.hpp"
#include "connectors/kafka/topic_id.hpp"
#include "kit/split_source.hpp"

namespace sluice::kafka {

namespace {

// How often events that are not records (errors of the client as a whole) are looked for, in polls.
constexpr uint32_t polls_per_event_check = 64;

struct KafkaSplit {
  std::shared_ptr<const Origin> origin;
  SplitPosition position;
  // The saved position while the record before it has not been compared.
  std::optional<SplitPosition> expected;
  bool is_other_id = false;  // as StartOffset says
  bool restarts = false;     // what is left of the polled messages is from the topic's former life
  Queue queue;
};

class KafkaSource final : public SplitSource<KafkaSplit> {
 public:
  KafkaSource(const Options& connection, const SourceSettings& settings)
      : connection_(connection), settings_(settings) {}

  Status open(const SourceContext& context) override {
    log_ = context.environment.log;
    waker_ = context.waker;
    pipeline_id_ = context.pipeline_id;
    read_ahead_bytes_ = context.read_ahead_bytes;
    messages_.resize(max_messages);
    return {};
  }

  Status assign(const std::vector<SplitAssignment>& splits) override {
    // What comes later appeared while the pipeline ran: nobody is asked where it begins, which on a
    // task's thread would hold everything up while the brokers do not answer. That its first
    // records are not kept any more is noticed by reading, and left to the next start.
    const bool is_start = !std::exchange(is_started_, true);
    if (splits.empty()) return {};
    // How much a client fetches ahead of each partition is settled when it is made: more partitions
    // need another one. What it had fetched is fetched again.
    close_client();
    SLUICE_ASSIGN(client_, make_consumer(connection_, {.group = pipeline_id_,
                                                       .partitions = splits_.size() + splits.size(),
                                                       .fetch_wait_us = settings_.fetch_wait_us,
                                                       .read_ahead_bytes = read_ahead_bytes_}));
    if (is_start) {
      SLUICE_ASSIGN(const auto partitions, partitions_of(client_.get(), settings_.topic));
      SLUICE_TRY(check_named_partitions(settings_, splits, partitions));
      // Before anything is read: what is read belongs to this topic as long as the id stays.
      topic_id_ = topic_id_of(client_.get(), settings_.topic);
    }
    for (const SplitAssignment& assignment : splits) {
      StartOffset start{assignment.position.value_or(SplitPosition{})};
      if (is_start) {
        SLUICE_ASSIGN(start, find_start(client_.get(), settings_, assignment, topic_id_));
      } else {
        start.position.stream_id = topic_id_;
      }
      KafkaSplit split;
      split.origin = assignment.split;
      split.position = start.position;
      split.expected = start.check_last ? assignment.position : std::nullopt;
      split.is_other_id = start.is_other_id;
      if (start.gap) tell_gap(split, *start.gap);
      splits_.push_back(std::move(split));
    }
    open_queues();
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(splits_.size())));
    for (KafkaSplit& split : splits_) {
      const int64_t offset = split.position.next_offset - (split.expected ? 1 : 0);
      rd_kafka_topic_partition_list_add(list.get(), settings_.topic.c_str(),
                                        split.origin->partition)
          ->offset = offset;
    }
    if (const auto problem = rd_kafka_assign(client_.get(), list.get());
        problem != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return fail(
          make_error(client_.get(), problem, "topic " + settings_.topic, ErrorCode::source_failed));
    }
    return {};
  }

  Status close() override {
    close_client();
    return SplitSource::close();
  }

  ~KafkaSource() override { static_cast<void>(close()); }

 private:
  static constexpr size_t max_messages = 10'000;

  Result<std::optional<SplitRead>> read_split(KafkaSplit& split, size_t max_records,
                                              RawBatch& raw) override {
    const ssize_t count = rd_kafka_consume_batch_queue(split.queue.get(), 0, messages_.data(),
                                                       std::min(max_records, messages_.size()));
    if (count > 0) return take(split, static_cast<size_t>(count), raw);
    look_again(split);
    return std::nullopt;
  }

  int64_t lag_of(const KafkaSplit& split) const override {
    int64_t low = 0;
    int64_t high = -1;
    rd_kafka_get_watermark_offsets(client_.get(), settings_.topic.c_str(), split.origin->partition,
                                   &low, &high);
    return high < 0 ? -1 : std::max<int64_t>(0, high - split.position.next_offset);
  }

  void close_client() {
    for (KafkaSplit& split : splits_) {
      if (split.queue) rd_kafka_queue_cb_event_enable(split.queue.get(), nullptr, nullptr);
      split.queue.reset();
    }
    if (client_) rd_kafka_consumer_close(client_.get());
    client_.reset();
  }

  // Before they are assigned: what is fetched while a partition's queue still forwards to that of
  // the client lands there, among the events, and would be missing from the partition.
  void open_queues() {
    for (KafkaSplit& split : splits_) {
      split.queue.reset(rd_kafka_queue_get_partition(client_.get(), settings_.topic.c_str(),
                                                     split.origin->partition));
      rd_kafka_queue_forward(split.queue.get(), nullptr);
      rd_kafka_queue_cb_event_enable(split.queue.get(), wake, waker_);
    }
  }

  // Before 2.2, librdkafka looks only once a second whether the queues that it found full have room
  // again, unless something else happens on the connection. A question that nobody waits for does.
  void look_again(const KafkaSplit& split) {
    if (has_queue_backoff()) return;
    int64_t low = 0;
    int64_t high = -1;
    rd_kafka_get_watermark_offsets(client_.get(), settings_.topic.c_str(), split.origin->partition,
                                   &low, &high);
    const auto now = std::chrono::steady_clock::now();
    if (split.position.next_offset >= high || now < next_look_) return;
    constexpr auto interval = std::chrono::milliseconds(5);
    next_look_ = now + interval;
    rd_kafka_query_watermark_offsets(client_.get(), settings_.topic.c_str(),
                                     split.origin->partition, &low, &high, 0);
  }

  static void wake(rd_kafka_t*, void* waker) { static_cast<Waker*>(waker)->wake(); }

  // Errors of the client as a whole. A record that came here instead of into its partition's queue
  // is read again by a new run.
  Status before_reading() override {
    if (++polls_ % polls_per_event_check != 0) return {};
    const Message event(rd_kafka_consumer_poll(client_.get(), 0));
    if (!event) return {};
    if (event->err == RD_KAFKA_RESP_ERR__FATAL) {
      return fail(
          make_error(client_.get(), event->err, "Kafka consumer", ErrorCode::source_failed));
    }
    if (event->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      return fail_retriable(ErrorCode::source_failed,
                            "a record of topic " + settings_.topic + " missed its partition");
    }
    return {};
  }

  Result<std::optional<SplitRead>> take(KafkaSplit& split, size_t count, RawBatch& raw) {
    SplitRead result;
    begin_batch(split, raw);
    raw.arena->reserve(bytes_of(count));
    Status status;
    split.restarts = false;
    last_ = nullptr;
    for (size_t i = 0; i < count && status && !split.restarts; ++i) {
      status = add(split, *messages_[i], raw, result);
    }
    if (last_ != nullptr && !split.restarts) split.position.last_hash = hash_of(*last_);
    for (size_t i = 0; i < count; ++i) rd_kafka_message_destroy(messages_[i]);
    if (!status) return fail(std::move(status).error());
    return result;
  }

  size_t bytes_of(size_t count) const {
    size_t bytes = 0;
    for (size_t i = 0; i < count; ++i) bytes += messages_[i]->len + messages_[i]->key_len;
    return bytes;
  }

  Status add(KafkaSplit& split, const rd_kafka_message_t& message, RawBatch& raw,
             SplitRead& result) {
    const bool is_end = message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR && !is_end) return handle_error(split, message);
    if (split.expected) {
      const SplitFinding finding = finding_of(message, *split.expected);
      SLUICE_TRY(judge_first(split, finding));
      split.expected.reset();
      if (split.restarts || finding == SplitFinding::same) return {};
    }
    result.end_of_split = is_end;
    if (is_end) return {};
    RawRecord record;
    record.offset = message.offset;
    record.timestamp_us = timestamp_us_of(message);
    record.key_is_null = message.key == nullptr;
    record.value_is_null = message.payload == nullptr;
    if (message.key != nullptr)
      record.key = raw.arena->copy({static_cast<const char*>(message.key), message.key_len});
    if (message.payload != nullptr) {
      record.value = raw.arena->copy({static_cast<const char*>(message.payload), message.len});
    }
    append_headers(message, raw, record);
    split.position.next_offset = message.offset + 1;
    split.position.last_timestamp_us = record.timestamp_us;
    last_ = &message;
    raw.records.push_back(record);
    return {};
  }

  // The record read last must still be there; another one means that the topic was created again.
  Status judge_first(KafkaSplit& split, SplitFinding finding) {
    const bool is_another =
        finding == SplitFinding::other || (finding == SplitFinding::later && split.is_other_id);
    if (!is_another) return {};
    Error gap{ErrorCode::offset_out_of_range,
              finding == SplitFinding::other
                  ? recreated_message(settings_.topic, *split.origin, *split.expected)
                  : other_id_message(settings_.topic),
              Retry::never,
              {}};
    if (settings_.on_out_of_range == OutOfRange::fail) {
      gap.advice = "set on_out_of_range to earliest or latest to go on with the new topic";
      return fail(std::move(gap));
    }
    split.restarts = true;
    SLUICE_TRY(restart(split));
    tell_gap(split, gap);
    return {};
  }

  void tell_gap(const KafkaSplit& split, const Error& gap) const {
    log_->warning("records are passed over, as on_out_of_range says", gap,
                  {{"topic", settings_.topic},
                   {"partition", split.origin->partition},
                   {"offset", split.position.next_offset}});
  }

  // Goes on at the beginning or the end of the partition, as on_out_of_range says: by its number,
  // which a checkpoint can save before anything has been read there.
  Status restart(KafkaSplit& split) {
    const int32_t partition = split.origin->partition;
    topic_id_ = topic_id_of(client_.get(), settings_.topic);
    SLUICE_ASSIGN(const KeptOffsets kept, kept_offsets(client_.get(), settings_.topic, partition));
    split.position = SplitPosition{};
    split.position.restarted = true;
    split.position.stream_id = topic_id_;
    split.position.next_offset =
        settings_.on_out_of_range == OutOfRange::earliest ? kept.low : kept.high;
    PartitionList list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), settings_.topic.c_str(), partition)->offset =
        split.position.next_offset;
    if (rd_kafka_error_t* problem =
            rd_kafka_seek_partitions(client_.get(), list.get(), metadata_timeout_ms)) {
      const auto code = rd_kafka_error_code(problem);
      rd_kafka_error_destroy(problem);
      return fail(
          make_error(client_.get(), code, "topic " + settings_.topic, ErrorCode::source_failed));
    }
    return {};
  }

  Status handle_error(const KafkaSplit& split, const rd_kafka_message_t& message) const {
    const std::string what =
        "topic " + settings_.topic + " partition " + std::to_string(split.origin->partition);
    if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET ||
        message.err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
      // The next start asks which offsets are kept and acts on on_out_of_range.
      return fail_retriable(
          ErrorCode::offset_out_of_range,
          what + ": offset " + std::to_string(split.position.next_offset) + " is no longer kept");
    }
    return fail(make_error(client_.get(), message.err, what, ErrorCode::source_failed));
  }

  const Options& connection_;
  const SourceSettings& settings_;
  Log* log_ = nullptr;
  Waker* waker_ = nullptr;
  std::string pipeline_id_;
  uint64_t read_ahead_bytes_ = 0;
  bool is_started_ = false;
  std::string topic_id_;  // empty: not told
  Handle client_;         // of the partitions assigned so far
  std::vector<rd_kafka_message_t*> messages_;
  const rd_kafka_message_t* last_ = nullptr;  // record taken last from messages_
  std::chrono::steady_clock::time_point next_look_;
  uint32_t polls_ = 0;  // may wrap
};

}  // namespace

std::unique_ptr<Source> make_reader(const Options& connection, const SourceSettings& settings) {
  return std::make_unique<KafkaSource>(connection, settings);
}

}  // namespace sluice::kafka
