// A socket that clients can connect to: of the loopback interface, or a unix socket, which only the
// service's own user and group may use (0660). Pure but for the system; any thread. Error
// listen_failed: the address is in use or may not be bound.
#pragma once

#include "base/result.hpp"
#include "daemon/listen_address.hpp"

namespace sluice {

// The socket is the caller's to close, and a unix socket's file the caller's to remove. Where
// `address` leaves the port to the system, it has it afterwards.
Result<int> open_listening_socket(ListenAddress& address);

}  // namespace sluice
