// Queues one record with a producer, the one way for all of them. Called by the producer's thread;
// waits while the producer's queue is full, which its deliveries, or their timeout, empty.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sluice::kafka {

struct OutgoingRecord {
  const std::string& topic;
  std::optional<int32_t> partition;  // none: the partitioner chooses
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;  // none: a tombstone
  uint64_t tag = 0;                       // the delivery report's opaque
};

// What is said about one record and would be said again.
bool is_permanent(rd_kafka_resp_err_t code);

// The bytes are copied. Errors: sink_rejected, this record can never be sent; else publish_failed,
// topic_missing, ….
Status produce(rd_kafka_t* producer, const OutgoingRecord& record);

}  // namespace sluice::kafka
