// What can be told of a connection's settings without its server. Pure; any thread.
#pragma once

#include "config/diagnostic.hpp"
#include "config/option_spec.hpp"

namespace sluice::postgres {

void check_connection(const Options& connection, Diagnostics& diagnostics);

}  // namespace sluice::postgres
