// What can be told of a connection's settings without its server. Pure; any thread.
#pragma once

#include <string>

#include "config/diagnostic.hpp"
#include "config/option_spec.hpp"

namespace sluice::postgres {

// host:port/database as the connection string has them, and its service, for comparing and for
// messages.
std::string database_name(const Options& connection);
void check_connection(const Options& connection, Diagnostics& diagnostics);

}  // namespace sluice::postgres
