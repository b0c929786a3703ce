// What tells a record from others at the same offset: its timestamp, and a hash of key and value,
// as a SplitPosition keeps them of the record read last. Pure.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>

#include "dataflow/source.hpp"

namespace sluice::kafka {

uint64_t hash_of(const rd_kafka_message_t& message);
// 0: it has none.
int64_t timestamp_us_of(const rd_kafka_message_t& message);
// Whether it is the record that was read last before the position; it has that one's offset.
bool is_last_of(const rd_kafka_message_t& message, const SplitPosition& position);

}  // namespace sluice::kafka
