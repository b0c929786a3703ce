// What a server says that refuses a connection's credentials, with the fields of the file that hold
// them. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/option_spec.hpp"

namespace sluice {

// As the file has it: connections.report.dsn.
std::string field_path(const Options& connection, std::string_view field);

// Error authentication_failed. `said`: the server's words; `fields` of the connection, of which
// those count that the file gives.
Error refused_credentials(const Options& connection, const std::vector<std::string_view>& fields,
                          std::string said);

}  // namespace sluice
