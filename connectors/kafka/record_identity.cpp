#include "connectors/kafka/record_identity.hpp"

#include "base/checksum.hpp"

namespace sluice::kafka {

uint64_t hash_of(const rd_kafka_message_t& message) {
  RunningChecksum sum;
  if (message.key != nullptr) sum.update({static_cast<const char*>(message.key), message.key_len});
  if (message.payload != nullptr)
    sum.update({static_cast<const char*>(message.payload), message.len});
  return sum.value();
}

int64_t timestamp_us_of(const rd_kafka_message_t& message) {
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const int64_t milliseconds = rd_kafka_message_timestamp(&message, &type);
  return milliseconds < 0 ? 0 : milliseconds * 1000;
}

bool is_last_of(const rd_kafka_message_t& message, const SplitPosition& position) {
  return timestamp_us_of(message) == position.last_timestamp_us &&
         hash_of(message) == position.last_hash;
}

}  // namespace sluice::kafka
