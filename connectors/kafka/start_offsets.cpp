#include "connectors/kafka/start_offsets.hpp"

#include <algorithm>

#include "connectors/kafka/kafka_client.hpp"
#include "connectors/kafka/topic_id.hpp"

namespace sluice::kafka {

namespace {

// The first offset whose record's timestamp is not before the time; the end when there is none.
Result<int64_t> offset_for_time(rd_kafka_t* client, const std::string& topic, int32_t partition,
                                int64_t time_ms, const KeptOffsets& kept) {
  PartitionList list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = time_ms;
  const auto problem = rd_kafka_offsets_for_times(client, list.get(), metadata_timeout_ms);
  if (problem != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return fail(make_error(client, problem, "topic " + topic, ErrorCode::source_failed));
  }
  const int64_t offset = list->elems[0].offset;
  return offset < 0 ? kept.high : offset;
}

Result<int64_t> fresh_offset(rd_kafka_t* client, const SourceSettings& settings, int32_t partition,
                             const KeptOffsets& kept) {
  switch (settings.start.kind) {
    case StartPosition::Kind::earliest:
      return kept.low;
    case StartPosition::Kind::latest:
      return kept.high;
    case StartPosition::Kind::timestamp:
      return offset_for_time(client, settings.topic, partition, settings.start.timestamp_ms, kept);
    case StartPosition::Kind::offsets: {
      const auto named = settings.start.offsets.find(partition);
      return named == settings.start.offsets.end() ? kept.low : named->second;
    }
  }
  return kept.low;
}

Error created_again(const std::string& topic) {
  return {ErrorCode::offset_out_of_range, other_id_message(topic), Retry::never,
          "set on_out_of_range to earliest or latest to go on with the new topic"};
}

}  // namespace

Result<KeptOffsets> kept_offsets(rd_kafka_t* client, const std::string& topic, int32_t partition) {
  KeptOffsets kept;
  const auto problem = rd_kafka_query_watermark_offsets(client, topic.c_str(), partition, &kept.low,
                                                        &kept.high, metadata_timeout_ms);
  if (problem == RD_KAFKA_RESP_ERR_NO_ERROR) return kept;
  return fail(make_error(client, problem,
                         "topic " + topic + " partition " + std::to_string(partition),
                         ErrorCode::source_failed));
}

Error no_partition(const std::string& topic, int32_t partition,
                   const std::vector<int32_t>& partitions) {
  return {ErrorCode::offset_out_of_range,
          "topic " + topic + " has no partition " + std::to_string(partition) +
              ", which start.offsets names; it has " + std::to_string(partitions.size()) +
              ", counted from 0",
          Retry::never, "correct start.offsets", "start"};
}

Error not_kept(const std::string& topic, int32_t partition, int64_t wanted,
               const KeptOffsets& kept) {
  return {ErrorCode::offset_out_of_range,
          "topic " + topic + " partition " + std::to_string(partition) + ": offset " +
              std::to_string(wanted) + " is wanted, " + std::to_string(kept.low) + " to " +
              std::to_string(kept.high) + " are kept",
          Retry::never,
          "set on_out_of_range to earliest or latest to go on without the missing records"};
}

Status check_named_partitions(const SourceSettings& settings,
                              const std::vector<SplitAssignment>& assignments,
                              const std::vector<int32_t>& partitions) {
  const bool has_fresh =
      std::any_of(assignments.begin(), assignments.end(),
                  [](const SplitAssignment& assignment) { return !assignment.position; });
  if (!has_fresh) return {};
  for (const auto& [partition, offset] : settings.start.offsets) {
    if (!std::binary_search(partitions.begin(), partitions.end(), partition))
      return fail(no_partition(settings.topic, partition, partitions));
  }
  return {};
}

std::string recreated_message(const std::string& topic, const Origin& split,
                              const SplitPosition& expected) {
  return "topic " + topic + " partition " + std::to_string(split.partition) +
         " holds another record at offset " + std::to_string(expected.next_offset - 1) +
         " than the one read there: the topic was created again";
}

std::string other_id_message(const std::string& topic) {
  return "topic " + topic + " was created again since it was read: its id is another one";
}

Result<StartOffset> find_start(rd_kafka_t* client, const SourceSettings& settings,
                               const SplitAssignment& assignment, const std::string& topic_id) {
  const int32_t partition = assignment.split->partition;
  SLUICE_ASSIGN(const KeptOffsets kept, kept_offsets(client, settings.topic, partition));
  StartOffset start;
  if (assignment.position) {
    start.position = *assignment.position;
  } else {
    SLUICE_ASSIGN(start.position.next_offset, fresh_offset(client, settings, partition, kept));
  }
  start.is_other_id = are_different(start.position.stream_id, topic_id);
  // Where it is not told now, a check may still find out.
  if (!topic_id.empty()) start.position.stream_id = topic_id;
  const int64_t wanted = start.position.next_offset;
  const bool is_kept = wanted >= kept.low && wanted <= kept.high;
  start.check_last = is_kept && start.position.last_timestamp_us >= 0 && wanted > kept.low;
  if (is_kept && (start.check_last || !start.is_other_id)) return start;
  Error gap =
      is_kept ? created_again(settings.topic) : not_kept(settings.topic, partition, wanted, kept);
  if (settings.on_out_of_range == OutOfRange::fail) return fail(std::move(gap));
  gap.advice.clear();
  start = {SplitPosition{}};
  start.gap = std::move(gap);
  start.position.restarted = true;
  start.position.stream_id = topic_id;
  start.position.next_offset =
      settings.on_out_of_range == OutOfRange::earliest ? kept.low : kept.high;
  return start;
}

}  // namespace sluice::kafka
