// What it tells of a partition that the record before a position is fetched once more: whether it
// still is the one that was read. Pure.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>

#include "dataflow/source.hpp"

namespace sluice::kafka {

enum class SplitFinding : uint8_t {
  nothing,  // an error that says nothing about records
  same,
  other,
  later,     // it is gone, as compaction removes records: nothing tells whether it was the one
  not_kept,  // no record at that offset: what the partition begins with tells
};

// Of what came from the partition: a record, its end, or an error. Where the record itself and all
// behind it is gone, the end is what comes. A partition that ends before the position is another
// one, as records are never taken back.
SplitFinding finding_of(const rd_kafka_message_t& message, const SplitPosition& position);

}  // namespace sluice::kafka
