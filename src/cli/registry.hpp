// The registry of everything this binary knows: connectors, formats, functions. The one explicit
// list of connectors.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"

namespace sluice {

std::unique_ptr<Registry> make_registry();

}  // namespace sluice
