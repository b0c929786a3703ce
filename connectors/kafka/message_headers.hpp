// The headers of a message that was read. A pure function; any thread.
#pragma once

#include <librdkafka/rdkafka.h>

#include "data/raw_batch.hpp"

namespace sluice::kafka {

// Appends them to the batch, copied, as those of `record`. A value without data() is null, an empty
// one is not.
void append_headers(const rd_kafka_message_t& message, RawBatch& raw, RawRecord& record);

}  // namespace sluice::kafka
