// Connector: one kind of outside system: its name, its options, and what it can make. A connector
// is a folder that defines `std::unique_ptr<Connector> make_NAME_connector()` and a line of CMake.
// ConnectorRegistry holds all, filled once at start from a generated, explicit list; then immutable
// and shared by all threads. Making things touches no network; check_* and Publisher do.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/diagnostic.hpp"
#include "config/option_spec.hpp"
#include "data/schema.hpp"
#include "dataflow/lookup.hpp"
#include "dataflow/publisher.hpp"
#include "dataflow/sink.hpp"
#include "dataflow/source.hpp"
#include "formats/format_registry.hpp"

namespace sluice {

// An output format with its options, as one sink uses it.
class OutputFormatUse {
 public:
  OutputFormatUse(const OutputFormat& format, Options options)
      : format_(format), options_(std::move(options)) {}
  Result<std::unique_ptr<Encoder>> make_encoder(SchemaPtr schema) const {
    return format_.make_encoder(std::move(schema), options_);
  }

 private:
  const OutputFormat& format_;
  Options options_;
};

struct SinkRequest {
  std::string name;  // of the sink in the file
  SchemaPtr schema;
  std::vector<std::string> key;  // from the options' `key`; may be empty for append
  SinkMode mode = SinkMode::append;
  const Options* connection = nullptr;
  const Options* options = nullptr;
  std::shared_ptr<const OutputFormatUse> format;  // null for connectors without formats
};

struct LookupRequest {
  std::string name;
  const Options* connection = nullptr;
  const Options* options = nullptr;
  Schema keys;  // names from the options' `key`; types text until a check against the table says
                // otherwise
  SchemaPtr columns;
};

struct PublisherRequest {
  Environment environment;
  const Options* connection = nullptr;
  PublisherIds ids;
};

class Connector {
 public:
  virtual ~Connector() = default;
  virtual std::string name() const = 0;

  virtual const OptionTable& connection_options() const = 0;
  // Null: the connector has no source / sink / lookup.
  virtual const OptionTable* source_options() const { return nullptr; }
  virtual const OptionTable* sink_options() const { return nullptr; }
  virtual const OptionTable* lookup_options() const { return nullptr; }
  virtual bool source_uses_format() const { return false; }
  virtual bool sink_uses_format() const { return false; }
  // Whether publishing is transactional with a marker.
  virtual bool gives_exactly_once() const { return false; }
  virtual std::vector<SinkMode> sink_modes() const { return {}; }
  // Where its publisher can be made to die; their names begin with the connector's.
  virtual std::span<const Failpoint> failpoints() const { return {}; }

  // What can be told of a connection without its server; problems at the options' places. Judges
  // known values only: Options::is_known.
  virtual void check_connection(const Options& connection, Diagnostics& diagnostics) const;

  // An Error's `option` is one of those of the source, sink or lookup.
  virtual Result<std::unique_ptr<SourceDescription>> make_source(const Options& connection,
                                                                 const Options& options) const;
  virtual Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request) const;
  virtual Result<std::unique_ptr<LookupDescription>> make_lookup(
      const LookupRequest& request) const;
  virtual Result<std::unique_ptr<Publisher>> make_publisher(const PublisherRequest& request) const;

  // `validate --env`: compares with the real system; problems at the options' locations.
  virtual void check_source(const Environment& environment, const Options& connection,
                            const Options& options, Diagnostics& diagnostics) const;
  virtual void check_sink(const Environment& environment, const SinkRequest& request,
                          Diagnostics& diagnostics) const;
  virtual void check_lookup(const Environment& environment, const LookupRequest& request,
                            Diagnostics& diagnostics) const;
};

class ConnectorRegistry {
 public:
  void add(std::unique_ptr<Connector> connector);
  // Null when unknown.
  const Connector* find(std::string_view name) const;
  std::vector<const Connector*> all() const;
  void declare(Failpoints& failpoints) const;

 private:
  std::map<std::string, std::unique_ptr<Connector>, std::less<>> connectors_;
};

}  // namespace sluice
