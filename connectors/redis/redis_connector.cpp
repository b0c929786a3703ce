#include "connectors/redis/redis_connector.hpp"

#include "connectors/redis/failpoints.hpp"
#include "connectors/redis/redis_client.hpp"
#include "connectors/redis/redis_publisher.hpp"
#include "connectors/redis/redis_sink.hpp"

namespace sluice {

namespace {

class RedisConnector final : public Connector {
 public:
  std::string name() const override { return "redis"; }
  const OptionTable& connection_options() const override { return redis::connection_options(); }
  const OptionTable* sink_options() const override { return &redis::sink_options(); }
  bool gives_exactly_once() const override { return true; }
  std::vector<SinkMode> sink_modes() const override { return {SinkMode::append, SinkMode::upsert}; }
  std::span<const Failpoint> failpoints() const override { return redis::failpoints::all; }

  Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request) const override {
    return redis::make_sink(request);
  }
  Result<std::unique_ptr<Publisher>> make_publisher(
      const PublisherRequest& request) const override {
    return redis::make_publisher(request);
  }
  void check_connection(const Options& connection, Diagnostics& diagnostics) const override {
    if (connection.is_known("url")) {
      if (const auto address = redis::parse_url(connection.text("url")); !address)
        diagnostics.error(address.error().code, connection.node("url"), address.error().message,
                          address.error().advice);
    }
    if (!connection.text("username").empty() && !connection.is_given("password")) {
      diagnostics.error(ErrorCode::missing_field, connection.node("username"),
                        "\"username\" needs the field \"password\"");
    }
  }
  // The publisher's own look at the server finds what does not suit.
  void check_sink(const Environment& environment, const SinkRequest& request,
                  Diagnostics& diagnostics) const override {
    const PublisherRequest probe{environment, request.connection, {"check", "check", "check"}};
    const auto publisher = redis::make_publisher(probe);
    const auto report = [&](const Error& error) {
      diagnostics.error(error.code, request.options->location("key"), error.message, error.advice);
    };
    if (!publisher) return report(publisher.error());
    if (const auto looked = (*publisher)->look(); !looked) report(looked.error());
  }
};

}  // namespace

std::unique_ptr<Connector> make_redis_connector() { return std::make_unique<RedisConnector>(); }

}  // namespace sluice
