// KafkaReader: a Kafka source driven as a task does, until it has said what the test waits for.
// One test, one thread; what is waited for more than 30 s fails the test.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "dataflow/connector.hpp"
#include "dataflow/split_check.hpp"
#include "env/clock.hpp"

namespace sluice::test {

struct ReadRecord {
  int32_t partition;
  int64_t offset;
  std::optional<std::string> key;
  std::optional<std::string> value;
  int64_t timestamp_us;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
};

class KafkaReader final : public Waker {
 public:
  // `options` of the source in YAML's flow form, without the topic.
  KafkaReader(const std::string& brokers, const std::string& topic,
              const std::string& options = {});
  ~KafkaReader() override;

  void wake() override;
  Result<std::vector<std::shared_ptr<const Origin>>> discover() const;
  const SourceDescription& description() const { return *description_; }
  // Assigns partition 0.
  Status assign(const std::optional<SplitPosition>& position = std::nullopt);
  Status assign(const std::vector<SplitAssignment>& splits);
  // Until every split that is not held has come to its end at once.
  Result<std::vector<ReadRecord>> read_to_end(const std::vector<bool>& held = {});
  // "value, value, …" of it, in order, or the error.
  std::string values_to_end();
  SplitPosition position(size_t split = 0) const { return source_->positions().at(split); }
  // "confirmed", "no answer", or the error, of a partition at this position.
  std::string check(const SplitPosition& position, int32_t partition = 0);
  // What check() asks with.
  SplitCheck& split_check();
  // Tells lag tools of partition 0; what is told has been sent when the reader is gone.
  void report(const SplitPosition& position);
  std::vector<int64_t> lags() const { return source_->lags(); }

 private:
  std::vector<SplitAssignment> split_at(const SplitPosition& position, int32_t partition) const {
    return {{std::make_shared<Origin>(Origin{topic_, partition}), position}};
  }

  SystemClock clock_;
  std::unique_ptr<Log> log_ = make_null_log();
  Environment environment_{&clock_, nullptr, nullptr, log_.get()};
  std::string topic_;
  std::unique_ptr<Connector> connector_;
  std::unique_ptr<SourceDescription> description_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<SplitCheck> check_;
  size_t splits_ = 0;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool is_woken_ = false;
};

}  // namespace sluice::test
