#include "connectors/kafka/split_check.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "connectors/kafka/consumer.hpp"
#include "connectors/kafka/split_finding.hpp"
#include "connectors/kafka/start_offsets.hpp"
#include "connectors/kafka/topic_id.hpp"

namespace sluice::kafka {

namespace {

using SteadyClock = std::chrono::steady_clock;

// A checkpoint waits for answers.
constexpr auto patience = std::chrono::seconds(2);
// The end of a run waits for it.
constexpr auto report_patience = std::chrono::seconds(1);

int milliseconds_to(SteadyClock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
  return std::max(0, static_cast<int>(left.count()));
}

// About one partition: what is the record before the position, and, where that does not tell,
// what is the topic's id.
struct Question {
  SplitAssignment read;
  uintptr_t id_number = 0;  // of the question for the id; 0: it waits for the record
};
using Questions = std::map<int32_t, Question>;  // by partition

class KafkaSplitCheck final : public SplitCheck {
 public:
  KafkaSplitCheck(const Options& connection, const SourceSettings& settings, std::string group)
      : connection_(connection), settings_(settings), group_(std::move(group)) {}

  // Without waiting for what is under way.
  ~KafkaSplitCheck() override {
    for (const auto& [partition, question] : open_) {
      if (question.id_number == 0) stop(partition);
    }
    records_.reset();
    ids_.reset();
    commits_.reset();
    topic_.reset();
    if (client_) abandon(std::move(client_));
  }

  void ask(const std::vector<SplitAssignment>& read) override {
    if (!connect()) return;
    for (const SplitAssignment& split : read) {
      const int32_t partition = split.split->partition;
      const auto before = open_.find(partition);
      if (before != open_.end() && before->second.id_number == 0) stop(partition);
      Question& question = open_[partition] = {split};
      if (split.position->last_timestamp_us < 0) {
        ask_id(question);
      } else {
        start(partition, split.position->next_offset - 1);
      }
    }
  }

  std::vector<Answer> answers(const std::vector<SplitAssignment>& awaited) override {
    std::vector<Answer> answers;
    if (is_committing_ && take_answer(0)) commit();
    if (open_.empty()) return answers;
    const auto deadline = SteadyClock::now() + patience;
    if (!awaited.empty()) learn_leaders(deadline);
    const auto wait_ms = [&](bool for_id) {
      return is_any_waiting(awaited, for_id) ? milliseconds_to(deadline) : 0;
    };
    while (take_record(wait_ms(false), answers)) {
    }
    while (take_id(wait_ms(true), answers)) {
    }
    return answers;
  }

  // One commit at a time: what comes before it is answered replaces what waits already.
  void report(const std::vector<SplitAssignment>& decided) override {
    if (!connect()) return;
    unsent_ = list_of(decided);
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
    topic_.reset(rd_kafka_topic_new(client_.get(), settings_.topic.c_str(), nullptr));
    records_.reset(rd_kafka_queue_new(client_.get()));
    ids_.emplace(client_.get(), settings_.topic);
    commits_.reset(rd_kafka_queue_new(client_.get()));
    return {};
  }

  // The partitions, at the offsets that are to be read next.
  PartitionList list_of(const std::vector<SplitAssignment>& splits) const {
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(splits.size())));
    for (const SplitAssignment& split : splits) {
      rd_kafka_topic_partition_list_add(list.get(), settings_.topic.c_str(), split.split->partition)
          ->offset = split.position->next_offset;
    }
    return list;
  }

  void commit() {
    if (is_committing_ || !unsent_) return;
    const PartitionList list = std::move(unsent_);
    is_committing_ = rd_kafka_commit_queue(client_.get(), list.get(), commits_.get(), nullptr,
                                           nullptr) == RD_KAFKA_RESP_ERR_NO_ERROR;
  }

  // To a commit, whatever it says. False: none came in time.
  bool take_answer(int wait_ms) {
    rd_kafka_event_t* event = rd_kafka_queue_poll(commits_.get(), wait_ms);
    if (event == nullptr) return false;
    rd_kafka_event_destroy(event);
    is_committing_ = false;
    return true;
  }

  // The client would wait half a second before it asks for them by itself.
  void learn_leaders(SteadyClock::time_point deadline) {
    knows_leaders_ =
        knows_leaders_ || partitions_of(client_.get(), settings_.topic, milliseconds_to(deadline));
  }

  // One partition by itself, as librdkafka's older interface can: one assignment soon after another
  // ends the process (an assertion of librdkafka 2.0) when a partition of both is still on its way
  // out of the first.
  void start(int32_t partition, int64_t offset) {
    rd_kafka_consume_start_queue(topic_.get(), partition, offset, records_.get());
  }
  void stop(int32_t partition) { rd_kafka_consume_stop(topic_.get(), partition); }

  void ask_id(Question& question) { question.id_number = ids_->ask(); }

  bool is_any_waiting(const std::vector<SplitAssignment>& splits, bool for_id) const {
    return std::any_of(splits.begin(), splits.end(), [&](const SplitAssignment& split) {
      const auto found = open_.find(split.split->partition);
      return found != open_.end() && (found->second.id_number != 0) == for_id;
    });
  }

  // False: there is none, and the time is over.
  bool take_record(int wait_ms, std::vector<Answer>& answers) {
    const Message message(rd_kafka_consume_queue(records_.get(), wait_ms));
    if (!message) return wait_ms > 0;
    const auto found = open_.find(message->partition);
    if (found == open_.end() || found->second.id_number != 0) return true;
    Question& question = found->second;
    const SplitAssignment& read = question.read;
    const SplitFinding finding = finding_of(*message, *read.position);
    if (finding == SplitFinding::nothing) return true;
    stop(message->partition);
    if (finding == SplitFinding::not_kept) {
      start(message->partition, RD_KAFKA_OFFSET_BEGINNING);
    } else if (finding == SplitFinding::later && !read.position->stream_id.empty()) {
      ask_id(question);
    } else if (finding == SplitFinding::other) {
      answer(found, recreated_message(settings_.topic, *read.split, *read.position), answers);
    } else {
      answer(found, {}, answers);
    }
    return true;
  }

  // As take_record. An id that was asked for before a question tells nothing of it.
  bool take_id(int wait_ms, std::vector<Answer>& answers) {
    const std::optional<TopicIdAnswer> id = ids_->answer(wait_ms);
    if (!id) return wait_ms > 0;
    for (auto next = open_.begin(); next != open_.end();) {
      const auto found = next++;
      const Question& question = found->second;
      if (question.id_number == 0 || id->number < question.id_number) continue;
      const bool is_other = are_different(question.read.position->stream_id, id->id);
      answer(found, is_other ? other_id_message(settings_.topic) : "", answers);
    }
    return true;
  }

  // `difference`: what is wrong; empty: nothing.
  void answer(Questions::iterator found, const std::string& difference,
              std::vector<Answer>& answers) {
    const Status is_same =
        difference.empty() ? Status{} : fail_retriable(ErrorCode::offset_out_of_range, difference);
    answers.push_back({found->second.read.split, is_same});
    open_.erase(found);
  }

  const Options& connection_;
  const SourceSettings& settings_;
  const std::string group_;
  Handle client_;
  TopicHandle topic_;
  Queue records_;
  std::optional<TopicIdQuestions> ids_;
  Questions open_;  // without an answer so far
  Queue commits_;   // answers to them
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
