// The connectors and formats that the files of this corpus use, as the reader of pipeline files
// sees them. Constant; any thread.
#pragma once

#include "config/connector_options.hpp"

namespace sluice {

const ConnectorCatalogue& corpus_catalogue();

}  // namespace sluice
