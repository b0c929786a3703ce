// TransactionalProducer: a producer instance for one transaction. librdkafka speaks the transaction
// protocol in which a late EndTxn can hit the next transaction of the same instance, so every
// transaction gets an instance of its own, initialised once. One thread at a time; blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/kafka/kafka_client.hpp"

namespace sluice::kafka {

// How a call of a transaction ended.
enum class TransactionStep : uint8_t {
  done,
  aborted,  // nothing of the transaction will show, for certain; do it again with a new instance
  unknown,  // no definite answer, or fenced: only the marker tells
};

// Brokers refuse whole batches: only of a record that was sent alone is it known that it was meant.
enum class Batching : uint8_t { full, alone };

// A record the broker refused for good; `tag` is what it was produced with.
struct RefusedRecord {
  uint64_t tag;
  Error error;
};

class TransactionalProducer {
 public:
  // Creates and initialises: fences older instances of the id and aborts their open transaction.
  // `topics` are looked up while warming: a first produce to an unknown topic would wait a second.
  static Result<std::unique_ptr<TransactionalProducer>> open(const Options& connection,
                                                             const std::string& transactional_id,
                                                             const std::vector<std::string>& topics,
                                                             Batching batching = Batching::full);

  // Looks topics up that were not named when it was opened.
  Status learn(const std::vector<std::string>& topics);

  Status begin();
  // Queues one record. nullopt value: tombstone. Error sink_rejected: this record can never be
  // sent.
  Status produce(const std::string& topic, std::optional<int32_t> partition,
                 std::optional<std::string_view> key, std::optional<std::string_view> value,
                 uint64_t tag);
  // Waits until everything queued is acknowledged or refused. `refused` gets what is refused for
  // good.
  TransactionStep flush(std::vector<RefusedRecord>& refused);
  // No longer than the transaction's timeout.
  TransactionStep commit();
  void abort();
  // Why the last step was not done.
  const Error& problem() const { return problem_; }

 private:
  explicit TransactionalProducer(int timeout_ms) : timeout_ms_(timeout_ms) {}
  int call_timeout_ms() const;
  void wait_for_answers();
  static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque);

  int timeout_ms_;  // of the transaction
  std::set<std::string> learned_;
  std::vector<RefusedRecord> refused_;
  std::optional<rd_kafka_resp_err_t> delivery_problem_;
  Error problem_{ErrorCode::publish_failed, {}, Retry::later, {}};
  Handle handle_;  // destroyed first: its callbacks use the members above
};

}  // namespace sluice::kafka
