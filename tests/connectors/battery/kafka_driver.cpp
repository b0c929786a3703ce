#include <algorithm>

#include "connectors/battery/driver.hpp"
#include "connectors/battery/every_type.hpp"
#include "connectors/kafka/failpoints.hpp"
#include "connectors/kafka/kafka_connector.hpp"
#include "support/kafka.hpp"

namespace sluice::test {

namespace {

class KafkaDriver final : public ConnectorDriver {
 public:
  explicit KafkaDriver(TestServers& servers) : brokers_(servers.brokers()) {}

  std::unique_ptr<Connector> connector() const override { return make_kafka_connector(); }
  std::string connection() override { return connection_to(brokers_); }
  std::string make_place(const Schema&) override {
    topic_ = unique_name("battery");
    create_topic(brokers_, topic_, 3);
    return "{topic: " + topic_ + "}";
  }
  const std::string& place() const override { return topic_; }
  std::vector<std::string> shown() override {
    std::vector<std::string> values;
    for (const KafkaRecord& record : read_all(brokers_, topic_))
      values.push_back(record.value.value_or("deleted " + record.key.value_or("")));
    std::sort(values.begin(), values.end());
    return values;
  }
  std::string row(int64_t id, const std::string& v) const override {
    return "{\"id\":" + std::to_string(id) + ",\"v\":\"" + v + "\"}";
  }
  std::vector<std::string> every_type() const override { return every_type_documents(); }

  std::vector<Failpoint> points_before_commit() const override {
    return {kafka::failpoints::after_begin, kafka::failpoints::after_rows,
            kafka::failpoints::after_marker};
  }
  std::vector<Failpoint> points_after_commit() const override {
    return {kafka::failpoints::after_commit};
  }
  std::vector<BadConfig> bad_configs() override {
    using Stage = BadConfig::Stage;
    const std::string nobody = "127.0.0.1:" + std::to_string(closed_port());
    return {{Stage::look, "{brokers: \"" + brokers_ + "\", properties: {plugin.library.paths: x}}",
             "{topic: t}", ErrorCode::invalid_value},
            {Stage::look, "{brokers: \"" + brokers_ + "\", properties: {linger.ms: soon}}",
             "{topic: t}", ErrorCode::invalid_value},
            {Stage::look, connection_to(nobody), "{topic: t}", ErrorCode::connection_failed}};
  }
  std::optional<Server> server() const override { return Server::kafka; }
  std::string impatient_connection() override {
    return "{brokers: \"" + brokers_ +
           "\", properties: {transaction.timeout.ms: 6000, socket.timeout.ms: 3000}}";
  }

 private:
  static std::string connection_to(const std::string& brokers) {
    return "{brokers: \"" + brokers + "\"}";
  }

  std::string brokers_;
  std::string topic_;
};

}  // namespace

std::unique_ptr<ConnectorDriver> make_kafka_driver(TestServers& servers) {
  return std::make_unique<KafkaDriver>(servers);
}

}  // namespace sluice::test
