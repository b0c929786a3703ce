#include "daemon/listen_address.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace sluice {

namespace {

constexpr std::string_view unix_prefix = "unix:";
// sockaddr_un::sun_path with its final NUL.
constexpr size_t longest_unix_path = 107;

struct HostAndPort {
  std::string_view host;
  std::string_view port;  // empty: none given
};

HostAndPort split(std::string_view text) {
  const size_t bracket = text.find(']');
  const size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::optional<uint16_t> parse_port(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

bool is_loopback_name(std::string_view host) {
  return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
}

Unexpected refuse(std::string_view text, const std::string& why) {
  return fail(ErrorCode::invalid_value, "\"" + std::string(text) + "\" " + why,
              "use 127.0.0.1:PORT, [::1]:PORT or unix:PATH");
}

Result<ListenAddress> parse_unix(std::string_view text) {
  const std::string path(text.substr(unix_prefix.size()));
  if (path.empty() || path.size() > longest_unix_path) {
    return refuse(text, "is no path of a unix socket: 1 to 107 bytes");
  }
  return ListenAddress{path, 0, true};
}

}  // namespace

std::string ListenAddress::text() const {
  if (is_unix) return std::string(unix_prefix) + host;
  const bool is_version_6 = host.find(':') != std::string::npos;
  return (is_version_6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
  if (text.starts_with(unix_prefix)) return parse_unix(text);
  const HostAndPort parts = split(text);
  const std::optional<uint16_t> port = parse_port(parts.port);
  if (!port) return refuse(text, "is no address with a port");
  if (!is_loopback_name(parts.host)) {
    return refuse(text, "is not a loopback address: any other needs TLS and a token");
  }
  return ListenAddress{parts.host == "[::1]" ? "::1" : "127.0.0.1", *port, false};
}

bool is_loopback_host(std::string_view host) {
  const HostAndPort parts = split(host);
  return is_loopback_name(parts.host) && (parts.port.empty() || parse_port(parts.port));
}

}  // namespace sluice
