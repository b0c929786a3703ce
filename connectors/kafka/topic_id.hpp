// The id that brokers give a topic when it is created: one that is created again has another. Known
// where librdkafka (2.3) and the brokers (2.8) tell it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "connectors/kafka/kafka_client.hpp"

namespace sluice::kafka {

// Whether the librdkafka that is compiled against tells ids. Where not, each answer is empty.
bool tells_topic_ids();

struct TopicIdAnswer {
  uintptr_t number = 0;  // of the question
  std::string id;        // empty: it is not told
};

// Questions for the id of one topic, over a client that is borrowed. One thread.
class TopicIdQuestions {
 public:
  TopicIdQuestions(rd_kafka_t* client, std::string topic);
  // Waits for nothing. Its number: 1, 2, ….
  uintptr_t ask();
  // The next one. None: it has not come in time, or is a failure.
  std::optional<TopicIdAnswer> answer(int wait_ms);

 private:
  rd_kafka_t* client_;
  std::string topic_;
  Queue answers_;
  uintptr_t asked_ = 0;
  uintptr_t answered_ = 0;
};

// Asks and waits, for two seconds at most. Empty: it is not told. That is no error: records tell
// most topics apart, too.
std::string topic_id_of(rd_kafka_t* client, const std::string& topic);
// Whether two ids are of different topics; one that is not known is of any.
bool are_different(const std::string& topic_id, const std::string& other_topic_id);

}  // namespace sluice::kafka
