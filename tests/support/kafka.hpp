// What a test does to a Kafka broker from outside: create topics, write records, read a topic to
// its end.
//
// Plain functions over librdkafka, each with clients of its own; any thread may call them. They
// block until the broker has answered and throw std::runtime_error with the broker's reason, also
// when it does not answer within 30 s.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {

struct KafkaRecord {
  int32_t partition = 0;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  // Milliseconds since 1970; 0 when written means now.
  int64_t timestamp_ms = 0;
  // Set by reading; ignored by writing.
  int64_t offset = -1;
};

enum class Isolation { read_committed, read_uncommitted };

void create_topic(const std::string& brokers, const std::string& topic, int partitions,
                  const std::map<std::string, std::string>& config = {});

// Raises the topic to this many partitions in all.
void grow_topic(const std::string& brokers, const std::string& topic, int partitions);

void delete_topic(const std::string& brokers, const std::string& topic);

// Deletes the records of a partition that stand before the offset, as retention does.
void delete_records(const std::string& brokers, const std::string& topic, int32_t partition,
                    int64_t before);

// Writes the records in order, each to its partition, and waits until all are acknowledged.
void produce(const std::string& brokers, const std::string& topic,
             const std::vector<KafkaRecord>& records);

// Every record from the beginning to the end that each partition has now; ordered by partition,
// then offset. Waits a few seconds for transactions that are about to end.
std::vector<KafkaRecord> read_all(const std::string& brokers, const std::string& topic,
                                  Isolation isolation = Isolation::read_committed);

}  // namespace sluice::test
