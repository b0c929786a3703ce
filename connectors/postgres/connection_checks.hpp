// What can be told of a connection's settings without its server. Pure; any thread.
#pragma once

#include <string>

#include "config/diagnostic.hpp"
#include "config/option_spec.hpp"

namespace sluice::postgres {

// host:port/database as the connection string has them, and its service, for comparing and for
// messages.
std::string database_name(const Options& connection);
// Whether the server is on another machine, or of a service, and neither the connection string nor
// libpq's environment says how it is trusted: libpq's own default would send a password in clear to
// whoever answers.
bool needs_proof_of_server(const std::string& dsn);
// No message repeats a part of the connection string: any part may be a password.
void check_connection(const Options& connection, Diagnostics& diagnostics);

}  // namespace sluice::postgres
