#include "connectors/kafka/split_finding.hpp"

#include "connectors/kafka/record_identity.hpp"

namespace sluice::kafka {

SplitFinding finding_of(const rd_kafka_message_t& message, const SplitPosition& position) {
  const bool is_later = message.offset >= position.next_offset;
  switch (message.err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      if (is_later) return SplitFinding::later;
      return message.offset == position.next_offset - 1 && is_last_of(message, position)
                 ? SplitFinding::same
                 : SplitFinding::other;
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      return is_later ? SplitFinding::later : SplitFinding::other;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      return SplitFinding::not_kept;
    default:
      return SplitFinding::nothing;
  }
}

}  // namespace sluice::kafka
