// Where reading of one partition starts: its saved position checked against the offsets the broker
// keeps, or what `start` says. Blocks on the broker; called when splits are assigned.
#pragma once

#include <librdkafka/rdkafka.h>

#include <string>

#include "connectors/kafka/kafka_source.hpp"

namespace sluice::kafka {

struct StartOffset {
  SplitPosition position;
  // The record before next_offset is still kept and must be the one read last.
  bool check_last = false;
};

// Error offset_out_of_range, naming the wanted and the kept offsets, when on_out_of_range is fail.
Result<StartOffset> find_start(rd_kafka_t* client, const SourceSettings& settings,
                               const SplitAssignment& assignment);

// "topic t partition 0 holds another record at offset 41 than the one read there: it was created
// again"
std::string recreated_message(const std::string& topic, const Origin& split,
                              const SplitPosition& expected);

}  // namespace sluice::kafka
