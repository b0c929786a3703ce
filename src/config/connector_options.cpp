#include "config/connector_options.hpp"

#include "config/find_named.hpp"

namespace sluice {

const ConnectorOptions* ConnectorCatalogue::find_connector(std::string_view name) const {
  return find_named(connectors, name);
}

const FormatOptions* ConnectorCatalogue::find_format(std::string_view name) const {
  return find_named(formats, name);
}

}  // namespace sluice
