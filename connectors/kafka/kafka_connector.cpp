#include "connectors/kafka/kafka_connector.hpp"

#include "connectors/kafka/connection_checks.hpp"
#include "connectors/kafka/environment_checks.hpp"
#include "connectors/kafka/failpoints.hpp"
#include "connectors/kafka/kafka_client.hpp"
#include "connectors/kafka/kafka_publisher.hpp"
#include "connectors/kafka/kafka_sink.hpp"
#include "connectors/kafka/kafka_source.hpp"

namespace sluice {

namespace {

class KafkaConnector final : public Connector {
 public:
  std::string name() const override { return "kafka"; }
  const OptionTable& connection_options() const override { return kafka::connection_options(); }
  const OptionTable* source_options() const override { return &kafka::source_options(); }
  const OptionTable* sink_options() const override { return &kafka::sink_options(); }
  bool source_uses_format() const override { return true; }
  bool sink_uses_format() const override { return true; }
  bool gives_exactly_once() const override { return true; }
  std::vector<SinkMode> sink_modes() const override { return {SinkMode::append, SinkMode::upsert}; }
  std::span<const Failpoint> failpoints() const override { return kafka::failpoints::all; }

  Result<std::unique_ptr<SourceDescription>> make_source(const Options& connection,
                                                         const Options& options) const override {
    return kafka::make_source(connection, options);
  }
  Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request) const override {
    return kafka::make_sink(request);
  }
  Result<std::unique_ptr<Publisher>> make_publisher(
      const PublisherRequest& request) const override {
    return kafka::make_publisher(request);
  }
  void check_connection(const Options& connection, Diagnostics& diagnostics) const override {
    kafka::check_connection(connection, diagnostics);
  }
  void check_source(const Environment&, const Options& connection, const Options& options,
                    Diagnostics& diagnostics) const override {
    kafka::check_source(connection, options, diagnostics);
  }
  void check_sink(const Environment&, const SinkRequest& request,
                  Diagnostics& diagnostics) const override {
    kafka::check_sink(*request.connection, *request.options, diagnostics);
  }
};

}  // namespace

std::unique_ptr<Connector> make_kafka_connector() { return std::make_unique<KafkaConnector>(); }

}  // namespace sluice
