// What the reader of pipeline files must know of the registered connectors and formats. The
// catalogue borrows the registry.
#pragma once

#include "config/connector_options.hpp"
#include "pipeline/registry.hpp"

namespace sluice {

ConnectorCatalogue make_catalogue(const Registry& registry);

}  // namespace sluice
