// Why a client does not come to its brokers, as an Error that names the fields of the connection
// to change. What librdkafka says of it is in words alone; what is not known by its words is a
// server that is away. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "config/option_spec.hpp"

namespace sluice::kafka {

// Errors authentication_failed or connection_failed. `failure`: what the client's connections
// failed with last, if that is known (ClientState::recent_failure); the message tells it too.
Error connection_failure(const Options& connection, std::string message,
                         const std::optional<std::string>& failure);

// The brokers know the user, who has no right to it.
Error not_allowed(const Options& connection, std::string message);

}  // namespace sluice::kafka
