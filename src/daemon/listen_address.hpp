// ListenAddress: where the service answers HTTP. It has neither TLS nor a token, so it listens on
// the loopback interface or on a unix socket and nowhere else. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sluice {

struct ListenAddress {
  std::string host;   // 127.0.0.1, ::1, or the path of a unix socket
  uint16_t port = 0;  // 0: one that the system chooses
  bool is_unix = false;

  // As a user writes it.
  std::string text() const;
};

// "127.0.0.1:7117", "[::1]:7117", "localhost:7117" or "unix:/run/sluice.sock". Error invalid_value
// for anything else.
Result<ListenAddress> parse_listen_address(std::string_view text);

// Whether a Host header, or the address of an Origin header, names this machine's loopback: a page
// that a browser loaded from elsewhere must not reach the service under a name of its own.
bool is_loopback_host(std::string_view host);

}  // namespace sluice
