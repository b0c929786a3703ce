#include "connectors/kafka/direct_producer.hpp"

#include "connectors/kafka/kafka_operation.hpp"
#include "connectors/kafka/produce.hpp"

namespace sluice::kafka {

namespace {

constexpr int flush_timeout_ms = 60'000;
// The first record for a topic would wait about as long as this if nobody asked.
constexpr int learn_timeout_ms = 1'000;

}  // namespace

void DirectProducer::on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  auto* producer = static_cast<DirectProducer*>(opaque);
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR && !producer->problem_)
    producer->problem_ = message->err;
}

Status DirectProducer::open() {
  if (handle_) return {};
  SLUICE_ASSIGN(handle_, make_producer(connection_,
                                       {{"enable.idempotence", "true"},
                                        {"partitioner", "murmur2_random"},
                                        {"linger.ms", "1"}},
                                       on_delivery, this));
  return {};
}

// Without an answer the record waits, and what is wrong with the topic its delivery tells.
void DirectProducer::learn(const std::string& topic) {
  if (!learned_.insert(topic).second) return;
  static_cast<void>(partitions_of(handle_.get(), topic, learn_timeout_ms));
}

Status DirectProducer::write(std::string_view definition, std::string_view operation) {
  SLUICE_TRY(open());
  SLUICE_ASSIGN(const std::string topic, parse_definition(definition));
  SLUICE_ASSIGN(const Operation record, parse_operation(operation));
  learn(topic);
  return produce(handle_.get(), {topic, std::nullopt, record.key, record.value});
}

Status DirectProducer::send() {
  if (!handle_) return {};
  rd_kafka_poll(handle_.get(), 0);
  return outcome();
}

Status DirectProducer::flush() {
  if (!handle_) return {};
  const auto code = rd_kafka_flush(handle_.get(), flush_timeout_ms);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) problem_ = code;
  return outcome();
}

Status DirectProducer::outcome() const {
  if (!problem_) return {};
  return fail(make_error(handle_.get(), *problem_, "writing records", ErrorCode::publish_failed));
}

}  // namespace sluice::kafka
