#include "dataflow/connector.hpp"

#include "base/assert.hpp"

namespace sluice {

namespace {

Unexpected cannot(const Connector& connector, const char* what) {
  return fail(ErrorCode::invalid_value, "connector \"" + connector.name() + "\" has no " + what);
}

}  // namespace

Result<std::unique_ptr<SourceDescription>> Connector::make_source(const Options&,
                                                                  const Options&) const {
  return cannot(*this, "source");
}
Result<std::unique_ptr<SinkDescription>> Connector::make_sink(const SinkRequest&) const {
  return cannot(*this, "sink");
}
Result<std::unique_ptr<LookupDescription>> Connector::make_lookup(const LookupRequest&) const {
  return cannot(*this, "lookup");
}
Result<std::unique_ptr<Publisher>> Connector::make_publisher(const PublisherRequest&) const {
  return cannot(*this, "publisher");
}
void Connector::check_connection(const Options&, Diagnostics&) const {}
void Connector::check_source(const Environment&, const Options&, const Options&,
                             Diagnostics&) const {}
void Connector::check_sink(const Environment&, const SinkRequest&, Diagnostics&) const {}
void Connector::check_lookup(const Environment&, const LookupRequest&, Diagnostics&) const {}

void ConnectorRegistry::add(std::unique_ptr<Connector> connector) {
  const std::string name = connector->name();
  const bool is_new = connectors_.emplace(name, std::move(connector)).second;
  SLUICE_ASSERT(is_new, "two connectors of one name");
}

const Connector* ConnectorRegistry::find(std::string_view name) const {
  const auto found = connectors_.find(name);
  return found == connectors_.end() ? nullptr : found->second.get();
}

std::vector<const Connector*> ConnectorRegistry::all() const {
  std::vector<const Connector*> all;
  for (const auto& [name, connector] : connectors_) all.push_back(connector.get());
  return all;
}

void ConnectorRegistry::declare(Failpoints& failpoints) const {
  for (const auto& [name, connector] : connectors_) failpoints.declare(connector->failpoints());
}

}  // namespace sluice
