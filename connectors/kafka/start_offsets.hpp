// Where reading of one partition starts: its saved position checked against the offsets the broker
// keeps, or what `start` says. Blocks on the broker; called before anything flows.
#pragma once

#include <librdkafka/rdkafka.h>

#include <optional>
#include <string>
#include <vector>

#include "connectors/kafka/kafka_client.hpp"
#include "connectors/kafka/kafka_source.hpp"

namespace sluice::kafka {

struct StartOffset {
  SplitPosition position;
  // The record before next_offset is still kept and must be the one read last.
  bool check_last = false;
  // The topic has another id than the one that was read: only that record shows that it is a copy.
  bool is_other_id = false;
  // What on_out_of_range passed over: not all that was wanted is kept.
  std::optional<Error> gap = {};
};

// From the first record that is kept to behind the last one.
struct KeptOffsets {
  int64_t low = 0;
  int64_t high = 0;
};
Result<KeptOffsets> kept_offsets(rd_kafka_t* client, const std::string& topic, int32_t partition);

// What is wrong with a partition or an offset that start.offsets names.
Error no_partition(const std::string& topic, int32_t partition,
                   const std::vector<int32_t>& partitions);
Error not_kept(const std::string& topic, int32_t partition, int64_t wanted,
               const KeptOffsets& kept);

// Error no_partition, of a topic with these partitions, when start.offsets counts for a split
// because it has no saved position.
Status check_named_partitions(const SourceSettings& settings,
                              const std::vector<SplitAssignment>& assignments,
                              const std::vector<int32_t>& partitions);

// `topic_id`: of the topic as it is now (topic_id.hpp); the position has it. Error
// offset_out_of_range, when on_out_of_range is fail: the wanted offset is not kept, or the topic
// was created again.
Result<StartOffset> find_start(rd_kafka_t* client, const SourceSettings& settings,
                               const SplitAssignment& assignment, const std::string& topic_id);

// "topic t was created again since it was read": its id is another one.
std::string other_id_message(const std::string& topic);

// "topic t partition 0 holds another record at offset 41 than the one read there: it was created
// again"
std::string recreated_message(const std::string& topic, const Origin& split,
                              const SplitPosition& expected);

}  // namespace sluice::kafka
