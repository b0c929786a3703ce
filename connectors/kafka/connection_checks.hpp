// What can be told of a connection's settings without a broker. Pure; any thread.
#pragma once

#include "config/diagnostic.hpp"
#include "config/option_spec.hpp"

namespace sluice::kafka {

void check_connection(const Options& connection, Diagnostics& diagnostics);

}  // namespace sluice::kafka
