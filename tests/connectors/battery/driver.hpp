// ConnectorDriver: what the battery must know about one kind of target beyond the contracts of
// src/dataflow: where to write, what is there afterwards, and how its servers are lost. One per
// test, used by the test's thread. Failures of the outside throw std::runtime_error.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dataflow/connector.hpp"
#include "support/servers.hpp"

namespace sluice::test {

// Connection and sink options that must be refused, by which call and with which code.
struct BadConfig {
  enum class Stage : uint8_t { make_sink, make_publisher, look, open_sink } stage;
  std::string connection;
  std::string sink;
  ErrorCode code;
};

struct ProxiedServer {
  std::string address;
  std::string commit;  // what the client sends to commit
};

class ConnectorDriver {
 public:
  virtual ~ConnectorDriver() = default;
  virtual std::unique_ptr<Connector> connector() const = 0;
  // Options in YAML's flow form.
  virtual std::string connection() = 0;

  // Makes a new place to write rows of this schema to, keyed by its first column; returns the
  // sink's options.
  virtual std::string make_place(const Schema& schema) = 0;
  // Of the place that was made last: topic, table, prefix of keys, file.
  virtual const std::string& place() const = 0;
  // What the place that was made last shows to a reader, sorted.
  virtual std::vector<std::string> shown() = 0;
  // How a row (id bigint, v text) is shown.
  virtual std::string row(int64_t id, const std::string& v) const = 0;
  // How the rows of battery_rows.hpp's every_type_rows() are shown, sorted.
  virtual std::vector<std::string> every_type() const = 0;

  // Where an attempt to publish can be cut off, before and after its effect is there.
  virtual std::vector<Failpoint> points_before_commit() const = 0;
  virtual std::vector<Failpoint> points_after_commit() const = 0;
  virtual std::vector<BadConfig> bad_configs() = 0;
  // None: there is no server to lose.
  virtual std::optional<Server> server() const = 0;
  // connection() with short timeouts.
  virtual std::string impatient_connection() { return connection(); }
  // Where a proxy can stand between client and server; none where clients find servers otherwise.
  virtual std::optional<ProxiedServer> proxied_server() { return std::nullopt; }
  virtual std::string connection_through(int) { return {}; }
};

using MakeDriver = std::unique_ptr<ConnectorDriver> (*)(TestServers& servers);
std::unique_ptr<ConnectorDriver> make_file_driver(TestServers& servers);
std::unique_ptr<ConnectorDriver> make_kafka_driver(TestServers& servers);
std::unique_ptr<ConnectorDriver> make_postgres_driver(TestServers& servers);
std::unique_ptr<ConnectorDriver> make_redis_driver(TestServers& servers);

// A port of this machine that nothing listens on.
int closed_port();

}  // namespace sluice::test
