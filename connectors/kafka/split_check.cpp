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
// The end of a run waits for it.
constexpr auto report_patience = std::chrono::seconds(1);

int milliseconds_to(SteadyClock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
  return std::max(0, static_cast<int>(left.count()));
}

class KafkaSplitCheck final : public SplitCheck {
 public:
  KafkaSplitCheck(const Options& connection, const SourceSettings& settings, std::string group)
      : connection_(connection), settings_(settings), group_(std::move(group)) {}

  // Without waiting for what is under way.
  ~KafkaSplitCheck() override {
    answers_.reset();
    if (client_) rd_kafka_destroy_flags(client_.release(), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  }

  Result<std::vector<bool>> confirm(const std::vector<SplitAssignment>& read) override {
    const auto deadline = SteadyClock::now() + patience;
    std::vector<bool> confirmed(read.size(), false);
    SLUICE_TRY(connect());
    take_answer(0);
    commit();
    // The leaders: the client would wait half a second before it asks for them by itself.
    if (!knows_leaders_ &&
        !partitions_of(client_.get(), settings_.topic, milliseconds_to(deadline)))
      return confirmed;
    knows_leaders_ = true;
    const PartitionList list = list_of(read, -1);
    if (rd_kafka_assign(client_.get(), list.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) return confirmed;
    const Status compared = compare(read, deadline, confirmed);
    rd_kafka_assign(client_.get(), nullptr);
    if (!compared) return fail(compared.error());
    return confirmed;
  }

  // One commit at a time: what comes before it is answered replaces what waits already.
  void report(const std::vector<SplitAssignment>& decided) override {
    if (!connect()) return;
    unsent_ = list_of(decided, 0);
    take_answer(0);
    commit();
  }

  void close() override {
    const auto deadline = SteadyClock::now() + report_patience;
    while (is_committing_) {
      if (!take_answer(milliseconds_to(deadline))) return;
      commit();
    }
  }

 private:
  Status connect() {
    if (client_) return {};
    SLUICE_ASSIGN(client_, make_probe(connection_, group_));
    answers_.reset(rd_kafka_queue_new(client_.get()));
    return {};
  }

  // The partitions, at offsets `from_next` from those that are to be read next.
  PartitionList list_of(const std::vector<SplitAssignment>& splits, int64_t from_next) const {
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(splits.size())));
    for (const SplitAssignment& split : splits) {
      rd_kafka_topic_partition_list_add(list.get(), settings_.topic.c_str(), split.split->partition)
          ->offset = split.position->next_offset + from_next;
    }
    return list;
  }

  void commit() {
    if (is_committing_ || !unsent_) return;
    const PartitionList list = std::move(unsent_);
    is_committing_ = rd_kafka_commit_queue(client_.get(), list.get(), answers_.get(), nullptr,
                                           nullptr) == RD_KAFKA_RESP_ERR_NO_ERROR;
  }

  // To a commit, whatever it says. False: none came in time.
  bool take_answer(int wait_ms) {
    rd_kafka_event_t* event = rd_kafka_queue_poll(answers_.get(), wait_ms);
    if (event == nullptr) return false;
    rd_kafka_event_destroy(event);
    is_committing_ = false;
    return true;
  }

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
  const std::string group_;
  Handle client_;
  Queue answers_;  // to commits
  bool is_committing_ = false;
  PartitionList unsent_;  // to be committed when the commit under way is answered
  bool knows_leaders_ = false;
};

}  // namespace

std::unique_ptr<SplitCheck> make_split_check(const Options& connection,
                                             const SourceSettings& settings,
                                             const std::string& pipeline_id) {
  return std::make_unique<KafkaSplitCheck>(connection, settings, pipeline_id);
}

}  // namespace sluice::kafka
