#include "connectors/kafka/split_check.hpp"

#include <algorithm>
#include <chrono>

#include "connectors/kafka/consumer.hpp"
#include "connectors/kafka/record_identity.hpp"
#include "connectors/kafka/start_offsets.hpp"

namespace sluice::kafka {

namespace {

using SteadyClock = std::chrono::steady_clock;

// A checkpoint waits for it.
constexpr auto patience = std::chrono::seconds(2);

int milliseconds_to(SteadyClock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
  return std::max(0, static_cast<int>(left.count()));
}

class KafkaSplitCheck final : public SplitCheck {
 public:
  KafkaSplitCheck(const Options& connection, const SourceSettings& settings)
      : connection_(connection), settings_(settings) {}

  Result<std::vector<bool>> confirm(const std::vector<SplitAssignment>& read) override {
    const auto deadline = SteadyClock::now() + patience;
    std::vector<bool> confirmed(read.size(), false);
    if (!client_) {
      SLUICE_ASSIGN(client_, make_probe(connection_));
    }
    // The leaders: the client would wait half a second before it asks for them by itself.
    if (!knows_leaders_ &&
        !partitions_of(client_.get(), settings_.topic, milliseconds_to(deadline)))
      return confirmed;
    knows_leaders_ = true;
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(read.size())));
    for (const SplitAssignment& split : read) {
      rd_kafka_topic_partition_list_add(list.get(), settings_.topic.c_str(), split.split->partition)
          ->offset = split.position->next_offset - 1;
    }
    if (rd_kafka_assign(client_.get(), list.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) return confirmed;
    const Status compared = compare(read, deadline, confirmed);
    rd_kafka_assign(client_.get(), nullptr);
    if (!compared) return fail(compared.error());
    return confirmed;
  }

 private:
  Status compare(const std::vector<SplitAssignment>& read, SteadyClock::time_point deadline,
                 std::vector<bool>& confirmed) {
    size_t left = read.size();
    while (left > 0) {
      const Message message(rd_kafka_consumer_poll(client_.get(), milliseconds_to(deadline)));
      if (!message && milliseconds_to(deadline) == 0) return {};
      if (!message) continue;
      for (size_t i = 0; i < read.size(); ++i) {
        if (confirmed[i] || read[i].split->partition != message->partition) continue;
        SLUICE_ASSIGN(confirmed[i], is_same(read[i], *message, deadline));
        if (confirmed[i]) --left;
      }
    }
    return {};
  }

  // False: this tells nothing.
  Result<bool> is_same(const SplitAssignment& read, const rd_kafka_message_t& message,
                       SteadyClock::time_point deadline) {
    const SplitPosition& position = *read.position;
    switch (message.err) {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        // A later record: compaction has removed the one read last.
        if (message.offset >= position.next_offset || is_last_of(message, position)) return true;
        return fail(replaced(read));
      case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        return fail(replaced(read));
      case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE: {
        const auto kept = kept_offsets(client_.get(), settings_.topic, read.split->partition,
                                       milliseconds_to(deadline));
        if (!kept) return false;
        if (kept->low >= position.next_offset) return true;  // the one read last is too old
        return fail(replaced(read));
      }
      default:
        return false;
    }
  }

  Error replaced(const SplitAssignment& read) const {
    return {ErrorCode::offset_out_of_range,
            recreated_message(settings_.topic, *read.split, *read.position),
            Retry::later,
            {}};
  }

  const Options& connection_;
  const SourceSettings& settings_;
  Handle client_;
  bool knows_leaders_ = false;
};

}  // namespace

std::unique_ptr<SplitCheck> make_split_check(const Options& connection,
                                             const SourceSettings& settings) {
  return std::make_unique<KafkaSplitCheck>(connection, settings);
}

}  // namespace sluice::kafka
