#include "connectors/postgres/postgres_connector.hpp"

#include "connectors/postgres/connection_checks.hpp"
#include "connectors/postgres/environment_checks.hpp"
#include "connectors/postgres/failpoints.hpp"
#include "connectors/postgres/pg_client.hpp"
#include "connectors/postgres/pg_lookup.hpp"
#include "connectors/postgres/pg_sink.hpp"
#include "connectors/postgres/pg_target.hpp"
#include "kit/sql_publisher.hpp"

namespace sluice {

namespace {

class PostgresConnector final : public Connector {
 public:
  std::string name() const override { return "postgres"; }
  const OptionTable& connection_options() const override { return postgres::connection_options(); }
  const OptionTable* sink_options() const override { return &postgres::sink_options(); }
  const OptionTable* lookup_options() const override { return &postgres::lookup_options(); }
  bool gives_exactly_once() const override { return true; }
  std::vector<SinkMode> sink_modes() const override { return {SinkMode::append, SinkMode::upsert}; }
  std::span<const Failpoint> failpoints() const override { return postgres::failpoints::all; }

  Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request) const override {
    return postgres::make_sink(request);
  }
  Result<std::unique_ptr<LookupDescription>> make_lookup(
      const LookupRequest& request) const override {
    return postgres::make_lookup(request);
  }
  Result<std::unique_ptr<Publisher>> make_publisher(
      const PublisherRequest& request) const override {
    return make_sql_publisher(request, std::make_unique<postgres::PgTarget>(*request.connection));
  }
  void check_connection(const Options& connection, Diagnostics& diagnostics) const override {
    postgres::check_connection(connection, diagnostics);
  }
  void check_sink(const Environment&, const SinkRequest& request,
                  Diagnostics& diagnostics) const override {
    postgres::check_sink(request, diagnostics);
  }
  void check_lookup(const Environment&, const LookupRequest& request,
                    Diagnostics& diagnostics) const override {
    postgres::check_lookup(request, diagnostics);
  }
};

}  // namespace

std::unique_ptr<Connector> make_postgres_connector() {
  return std::make_unique<PostgresConnector>();
}

}  // namespace sluice
