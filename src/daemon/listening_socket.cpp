#include "daemon/listening_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace sluice {

namespace {

constexpr int most_waiting = 128;  // in the kernel, to be accepted
constexpr mode_t owner_and_group = 0660;

sockaddr_un unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

// A process that was killed leaves its socket behind, and nobody answers at it.
void remove_dead_socket(const std::string& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) return;
  const sockaddr_un address = unix_address(path);
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return;
  const bool is_alive =
      connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(probe);
  if (!is_alive) unlink(path.c_str());
}

// Nobody can connect before listen(), so that the mode counts from the first client on.
bool bind_unix(int socket, const std::string& path) {
  remove_dead_socket(path);
  const sockaddr_un address = unix_address(path);
  return bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
         chmod(path.c_str(), owner_and_group) == 0;
}

template <class Address>
bool bind_port(int socket, Address address, in_port_t Address::*port, uint16_t& chosen) {
  // Only one process may listen: a quick restart is allowed, to share the port is not.
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  auto* bound = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof(address);
  address.*port = htons(chosen);
  if (bind(socket, bound, size) != 0 || getsockname(socket, bound, &size) != 0) return false;
  chosen = ntohs(address.*port);
  return true;
}

bool bind_to(int socket, int family, ListenAddress& address) {
  if (family == AF_UNIX) return bind_unix(socket, address.host);
  if (family == AF_INET6) {
    sockaddr_in6 loopback{};
    loopback.sin6_family = AF_INET6;
    loopback.sin6_addr = in6addr_loopback;
    return bind_port(socket, loopback, &sockaddr_in6::sin6_port, address.port);
  }
  sockaddr_in loopback{};
  loopback.sin_family = AF_INET;
  loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return bind_port(socket, loopback, &sockaddr_in::sin_port, address.port);
}

}  // namespace

Result<int> open_listening_socket(ListenAddress& address) {
  const int ip_family = address.host == "::1" ? AF_INET6 : AF_INET;
  const int family = address.is_unix ? AF_UNIX : ip_family;
  const int opened = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (opened >= 0 && bind_to(opened, family, address) && listen(opened, most_waiting) == 0)
    return opened;
  const int why = errno;
  if (opened >= 0) close(opened);
  return fail(ErrorCode::listen_failed,
              "cannot listen at " + address.text() + ": " + std::strerror(why));
}

}  // namespace sluice
