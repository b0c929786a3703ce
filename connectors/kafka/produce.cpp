#include "connectors/kafka/produce.hpp"

#include <algorithm>
#include <array>

#include "connectors/kafka/kafka_client.hpp"

namespace sluice::kafka {

namespace {

constexpr int wait_for_room_ms = 10;

const char* data_of(const std::optional<std::string_view>& bytes) {
  return bytes ? bytes->data() : nullptr;
}

size_t size_of(const std::optional<std::string_view>& bytes) { return bytes ? bytes->size() : 0; }

rd_kafka_resp_err_t try_produce(rd_kafka_t* producer, const OutgoingRecord& record) {
  return rd_kafka_producev(
      producer, RD_KAFKA_V_TOPIC(record.topic.c_str()),
      RD_KAFKA_V_PARTITION(record.partition.value_or(RD_KAFKA_PARTITION_UA)),
      RD_KAFKA_V_KEY(data_of(record.key), size_of(record.key)),
      RD_KAFKA_V_VALUE(const_cast<char*>(data_of(record.value)), size_of(record.value)),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(record.tag)), RD_KAFKA_V_END);
}

}  // namespace

bool is_permanent(rd_kafka_resp_err_t code) {
  constexpr std::array permanent = {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
                                    RD_KAFKA_RESP_ERR_INVALID_RECORD, RD_KAFKA_RESP_ERR_INVALID_MSG,
                                    RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE};
  return std::find(permanent.begin(), permanent.end(), code) != permanent.end();
}

Status produce(rd_kafka_t* producer, const OutgoingRecord& record) {
  while (true) {
    const rd_kafka_resp_err_t code = try_produce(producer, record);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      Error error = make_error(producer, code, "topic " + record.topic, ErrorCode::publish_failed);
      if (is_permanent(code)) error = {ErrorCode::sink_rejected, error.message, Retry::never, {}};
      return fail(std::move(error));
    }
    // What does not fit into an empty queue never will.
    if (rd_kafka_outq_len(producer) == 0) {
      return fail(ErrorCode::sink_rejected,
                  "topic " + record.topic + ": a record of " +
                      std::to_string(size_of(record.key) + size_of(record.value)) +
                      " bytes is larger than what is queued for Kafka at a time",
                  "raise queue.buffering.max.kbytes among the connection's properties");
    }
    rd_kafka_poll(producer, wait_for_room_ms);
  }
}

}  // namespace sluice::kafka
