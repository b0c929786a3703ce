// What all tasks of a run share of a Kafka source: its identity, its partitions, its policies.
#include "connectors/kafka/kafka_client.hpp"
#include "connectors/kafka/kafka_source.hpp"
#include "connectors/kafka/split_check.hpp"

namespace sluice::kafka {

namespace {

class KafkaSourceDescription final : public SourceDescription {
 public:
  KafkaSourceDescription(Options connection, SourceSettings settings)
      : connection_(std::move(connection)), settings_(std::move(settings)) {}

  std::string identity() const override { return "kafka:" + settings_.topic; }
  std::string manner() const override {
    std::string text = std::to_string(static_cast<int>(settings_.start.kind)) + "," +
                       std::to_string(settings_.start.timestamp_ms) + "," +
                       std::to_string(static_cast<int>(settings_.on_out_of_range)) + "," +
                       std::to_string(settings_.fetch_wait_us);
    for (const auto& [partition, offset] : settings_.start.offsets) {
      text += "," + std::to_string(partition) + ":" + std::to_string(offset);
    }
    return text;
  }
  std::string start() const override { return start_text(settings_.start); }
  bool is_bounded() const override { return false; }

  Result<std::vector<std::shared_ptr<const Origin>>> discover(const Environment&) const override {
    SLUICE_ASSIGN(const Handle client, make_client(RD_KAFKA_CONSUMER, connection_, {}));
    SLUICE_ASSIGN(const std::vector<int32_t> partitions,
                  partitions_of(client.get(), settings_.topic));
    std::vector<std::shared_ptr<const Origin>> splits;
    for (const int32_t partition : partitions) {
      splits.push_back(std::make_shared<Origin>(Origin{settings_.topic, partition}));
    }
    return splits;
  }

  bool start_may_move(const std::optional<SplitPosition>& saved) const override {
    const bool is_by_time = settings_.start.kind == StartPosition::Kind::latest ||
                            settings_.start.kind == StartPosition::Kind::timestamp;
    return settings_.on_out_of_range == OutOfRange::latest || (!saved && is_by_time);
  }

  std::unique_ptr<Source> create() const override { return make_reader(connection_, settings_); }
  std::unique_ptr<SplitCheck> make_check(const std::string& pipeline_id) const override {
    return make_split_check(connection_, settings_, pipeline_id);
  }

 private:
  Options connection_;
  SourceSettings settings_;
};

}  // namespace

Result<std::unique_ptr<SourceDescription>> make_source(const Options& connection,
                                                       const Options& options) {
  SourceSettings settings;
  settings.topic = options.text("topic");
  SLUICE_ASSIGN(settings.start, parse_start(options));
  const std::string& policy = options.text("on_out_of_range");
  settings.on_out_of_range = policy == "earliest" ? OutOfRange::earliest
                             : policy == "latest" ? OutOfRange::latest
                                                  : OutOfRange::fail;
  settings.fetch_wait_us = options.duration_us("fetch_wait_max");
  return std::make_unique<KafkaSourceDescription>(connection, std::move(settings));
}

}  // namespace sluice::kafka
