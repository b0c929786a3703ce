#include "connectors/kafka/transaction.hpp"

#include <algorithm>
#include <chrono>

#include "connectors/kafka/produce.hpp"

namespace sluice::kafka {

namespace {

constexpr int longest_call_ms = 30'000;
// How often a flush looks whether it is in vain, and how long it then waits for what is under way.
constexpr int flush_look_ms = 100;
constexpr int flush_rest_ms = 1'000;
constexpr int retry_limit = 100;

struct ErrorDeleter {
  void operator()(rd_kafka_error_t* error) const { rd_kafka_error_destroy(error); }
};
using KafkaError = std::unique_ptr<rd_kafka_error_t, ErrorDeleter>;

Error make_problem(const Handle& client, const KafkaError& failed, const char* what) {
  const rd_kafka_error_t* error = failed.get();
  Error problem =
      make_error(client.get(), rd_kafka_error_code(error), what, ErrorCode::publish_failed);
  problem.message += std::string(" (") + rd_kafka_error_string(error) + ")";
  return problem;
}

}  // namespace

Result<std::unique_ptr<TransactionalProducer>> TransactionalProducer::open(
    const Options& connection, const std::string& transactional_id,
    const std::vector<std::string>& topics, Batching batching) {
  std::unique_ptr<TransactionalProducer> producer(
      new TransactionalProducer(static_cast<int>(transaction_timeout_ms(connection))));
  const char* batch_records = batching == Batching::alone ? "1" : "10000";
  SLUICE_ASSIGN(producer->handle_, make_producer(connection,
                                                 {{"transactional.id", transactional_id},
                                                  {"partitioner", "murmur2_random"},
                                                  {"linger.ms", "5"},
                                                  {"batch.num.messages", batch_records},
                                                  {"queue.buffering.max.messages", "1000000"},
                                                  {"queue.buffering.max.kbytes", "16384"},
                                                  {"batch.size", "1000000"}},
                                                 on_delivery, producer.get()));
  rd_kafka_t* handle = producer->handle_.get();
  for (int attempt = 0;; ++attempt) {
    const KafkaError error(rd_kafka_init_transactions(handle, producer->call_timeout_ms()));
    if (!error) break;
    if (rd_kafka_error_is_retriable(error.get()) != 0 && attempt < 2) continue;
    return fail(make_problem(producer->handle_, error, "opening a transactional producer"));
  }
  SLUICE_TRY(producer->learn(topics));
  return producer;
}

Status TransactionalProducer::learn(const std::vector<std::string>& topics) {
  for (const std::string& topic : topics) {
    if (learned_.contains(topic)) continue;
    SLUICE_TRY(partitions_of(handle_.get(), topic));
    learned_.insert(topic);
  }
  return {};
}

int TransactionalProducer::call_timeout_ms() const {
  return std::min(longest_call_ms, timeout_ms_);
}

void TransactionalProducer::on_delivery(rd_kafka_t*, const rd_kafka_message_t* message,
                                        void* opaque) {
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  auto* producer = static_cast<TransactionalProducer*>(opaque);
  if (!is_permanent(message->err)) {
    if (!producer->delivery_problem_) producer->delivery_problem_ = message->err;
    return;
  }
  const auto tag = reinterpret_cast<uintptr_t>(message->_private);
  producer->refused_.push_back(
      {tag,
       {ErrorCode::sink_rejected,
        std::string("Kafka refuses the record: ") + rd_kafka_err2str(message->err),
        Retry::never,
        {}}});
}

Status TransactionalProducer::begin() {
  const KafkaError error(rd_kafka_begin_transaction(handle_.get()));
  return error ? Status(fail(make_problem(handle_, error, "beginning a transaction"))) : Status{};
}

Status TransactionalProducer::produce(const std::string& topic, std::optional<int32_t> partition,
                                      std::optional<std::string_view> key,
                                      std::optional<std::string_view> value, uint64_t tag) {
  return kafka::produce(handle_.get(), {topic, partition, key, value, tag});
}

// After the first failure, what is queued is not sent any more: it would stay until the end.
void TransactionalProducer::wait_for_answers() {
  // A transaction that is still being filled when its time is up is aborted by the brokers.
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms_ / 6 * 5);
  while (rd_kafka_outq_len(handle_.get()) > 0 && std::chrono::steady_clock::now() < deadline) {
    const bool has_failed = delivery_problem_ || !refused_.empty();
    rd_kafka_flush(handle_.get(), has_failed ? flush_rest_ms : flush_look_ms);
    if (has_failed) return;
  }
}

TransactionStep TransactionalProducer::flush(std::vector<RefusedRecord>& refused) {
  wait_for_answers();
  const bool is_complete = rd_kafka_outq_len(handle_.get()) == 0;
  refused = std::exchange(refused_, {});
  if (refused.empty() && is_complete && !delivery_problem_) return TransactionStep::done;
  if (delivery_problem_)
    problem_ =
        make_error(handle_.get(), *delivery_problem_, "writing records", ErrorCode::publish_failed);
  if (!is_complete) {
    problem_ = no_answer(handle_.get(), "writing records timed out");
  }
  // What ended the instance says more than what became of its records.
  char reason[512];
  if (const auto fatal = rd_kafka_fatal_error(handle_.get(), reason, sizeof(reason));
      fatal != RD_KAFKA_RESP_ERR_NO_ERROR) {
    problem_ = make_error(handle_.get(), fatal, "writing records", ErrorCode::publish_failed);
    problem_.message += std::string(" (") + reason + ")";
  }
  rd_kafka_purge(handle_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  abort();
  return TransactionStep::aborted;
}

TransactionStep TransactionalProducer::commit() {
  // Once the brokers have given the transaction up, asking again answers nothing.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms_);
  for (int attempt = 0; attempt < retry_limit; ++attempt) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    const KafkaError error(
        rd_kafka_commit_transaction(handle_.get(), static_cast<int>(left.count())));
    if (!error) return TransactionStep::done;
    problem_ = make_problem(handle_, error, "committing a transaction");
    if (rd_kafka_error_txn_requires_abort(error.get()) != 0) {
      const KafkaError aborted(rd_kafka_abort_transaction(handle_.get(), call_timeout_ms()));
      return aborted ? TransactionStep::unknown : TransactionStep::aborted;
    }
    if (rd_kafka_error_is_retriable(error.get()) == 0) return TransactionStep::unknown;
  }
  return TransactionStep::unknown;
}

// Best effort: an abort that does not come through is made up for by the next initialisation of the
// id.
void TransactionalProducer::abort() {
  const KafkaError ignored(rd_kafka_abort_transaction(handle_.get(), call_timeout_ms()));
}

}  // namespace sluice::kafka
