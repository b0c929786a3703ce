#include "connectors/kafka/topic_id.hpp"

#include <memory>
#include <utility>

namespace sluice::kafka {

#if RD_KAFKA_VERSION >= 0x020300ff

namespace {

constexpr int patience_ms = 2'000;

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using Event = std::unique_ptr<rd_kafka_event_t, Freed<rd_kafka_event_destroy>>;
using Topics = std::unique_ptr<rd_kafka_TopicCollection_t, Freed<rd_kafka_TopicCollection_destroy>>;
using AskOptions = std::unique_ptr<rd_kafka_AdminOptions_t, Freed<rd_kafka_AdminOptions_destroy>>;

// None: a failure.
std::optional<std::string> id_in(rd_kafka_event_t* event) {
  const rd_kafka_DescribeTopics_result_t* result = rd_kafka_event_DescribeTopics_result(event);
  if (result == nullptr || rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::nullopt;
  size_t count = 0;
  const rd_kafka_TopicDescription_t** topics =
      rd_kafka_DescribeTopics_result_topics(result, &count);
  if (count != 1) return std::nullopt;
  const rd_kafka_error_t* problem = rd_kafka_TopicDescription_error(topics[0]);
  if (problem != nullptr && rd_kafka_error_code(problem) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::nullopt;
  const rd_kafka_Uuid_t* id = rd_kafka_TopicDescription_topic_id(topics[0]);
  const bool is_told = id != nullptr && (rd_kafka_Uuid_least_significant_bits(id) != 0 ||
                                         rd_kafka_Uuid_most_significant_bits(id) != 0);
  return is_told ? rd_kafka_Uuid_base64str(id) : std::string();
}

}  // namespace

bool tells_topic_ids() { return true; }

uintptr_t TopicIdQuestions::ask() {
  const char* name = topic_.c_str();
  const Topics topics(rd_kafka_TopicCollection_of_topic_names(&name, 1));
  const AskOptions options(rd_kafka_AdminOptions_new(client_, RD_KAFKA_ADMIN_OP_DESCRIBETOPICS));
  rd_kafka_AdminOptions_set_request_timeout(options.get(), patience_ms, nullptr, 0);
  rd_kafka_AdminOptions_set_opaque(options.get(), reinterpret_cast<void*>(++asked_));
  rd_kafka_DescribeTopics(client_, topics.get(), options.get(), answers_.get());
  return asked_;
}

std::optional<TopicIdAnswer> TopicIdQuestions::answer(int wait_ms) {
  if (answered_ == asked_) return std::nullopt;
  const Event event(rd_kafka_queue_poll(answers_.get(), wait_ms));
  if (!event) return std::nullopt;
  answered_ = reinterpret_cast<uintptr_t>(rd_kafka_event_opaque(event.get()));
  std::optional<std::string> id = id_in(event.get());
  if (!id) return std::nullopt;
  return TopicIdAnswer{answered_, std::move(*id)};
}

#else

namespace {

constexpr int patience_ms = 0;

}  // namespace

bool tells_topic_ids() { return false; }

uintptr_t TopicIdQuestions::ask() { return ++asked_; }

std::optional<TopicIdAnswer> TopicIdQuestions::answer(int) {
  if (answered_ == asked_) return std::nullopt;
  answered_ = asked_;
  return TopicIdAnswer{answered_, {}};
}

#endif

TopicIdQuestions::TopicIdQuestions(rd_kafka_t* client, std::string topic)
    : client_(client), topic_(std::move(topic)), answers_(rd_kafka_queue_new(client)) {}

std::string topic_id_of(rd_kafka_t* client, const std::string& topic) {
  TopicIdQuestions questions(client, topic);
  questions.ask();
  const std::optional<TopicIdAnswer> answer = questions.answer(patience_ms);
  return answer ? answer->id : std::string();
}

bool are_different(const std::string& topic_id, const std::string& other_topic_id) {
  return !topic_id.empty() && !other_topic_id.empty() && topic_id != other_topic_id;
}

}  // namespace sluice::kafka
