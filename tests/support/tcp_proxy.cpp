#include "support/tcp_proxy.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace sluice::test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

bool send_all(int socket, const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(socket, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<size_t>(sent);
  }
  return true;
}

}  // namespace

TcpProxy::TcpProxy(const std::string& server) : server_(server) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  const bool is_up = ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::listen(listener_, 8) == 0 &&
                     ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
                     ::pipe2(wake_, O_CLOEXEC) == 0;
  if (!is_up) throw std::runtime_error("the proxy cannot listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

TcpProxy::~TcpProxy() {
  ::close(wake_[1]);
  thread_.join();
  ::close(wake_[0]);
  ::close(listener_);
}

void TcpProxy::cut_at(const std::string& word, Cut cut) {
  const std::lock_guard lock(mutex_);
  word_ = word;
  cut_ = cut;
}

void TcpProxy::edit_answers(std::function<void(std::string&)> edit) {
  const std::lock_guard lock(mutex_);
  edit_ = std::move(edit);
}

bool TcpProxy::accept_client(Pair& pair) const {
  pair.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  pair.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(std::stoi(server_.substr(server_.rfind(':') + 1)));
  return ::connect(pair.server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

bool TcpProxy::forward_client(Pair& pair) {
  std::array<char, 65536> block{};
  const ssize_t size = ::recv(pair.client, block.data(), block.size(), 0);
  if (size <= 0) return false;
  const std::string_view bytes(block.data(), static_cast<size_t>(size));
  const std::lock_guard lock(mutex_);
  const bool is_reached = !word_.empty() && bytes.find(word_) != std::string_view::npos;
  if (is_reached) {
    word_.clear();
    ++cuts_;
    if (cut_ == Cut::before) return false;
    pair.swallows = true;
  }
  return send_all(pair.server, bytes.data(), bytes.size());
}

bool TcpProxy::forward_server(Pair& pair) {
  std::array<char, 65536> block{};
  const ssize_t size = ::recv(pair.server, block.data(), block.size(), 0);
  if (size <= 0 || pair.swallows) return false;
  std::string bytes(block.data(), static_cast<size_t>(size));
  const std::lock_guard lock(mutex_);
  if (edit_) edit_(bytes);
  return send_all(pair.client, bytes.data(), bytes.size());
}

void TcpProxy::run() {
  std::vector<Pair> pairs;
  const auto close_pair = [](const Pair& pair) {
    ::close(pair.client);
    ::close(pair.server);
  };
  while (true) {
    std::vector<pollfd> sockets = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Pair& pair : pairs) {
      sockets.push_back({pair.client, POLLIN, 0});
      sockets.push_back({pair.server, POLLIN, 0});
    }
    if (::poll(sockets.data(), sockets.size(), -1) < 0 || sockets[0].revents != 0) break;
    std::vector<Pair> kept;
    for (size_t i = 0; i < pairs.size(); ++i) {
      bool is_open = sockets[2 + 2 * i].revents == 0 || forward_client(pairs[i]);
      is_open = is_open && (sockets[3 + 2 * i].revents == 0 || forward_server(pairs[i]));
      if (is_open) {
        kept.push_back(pairs[i]);
      } else {
        close_pair(pairs[i]);
      }
    }
    pairs = std::move(kept);
    Pair pair;
    if (sockets[1].revents == 0) continue;
    if (accept_client(pair)) {
      pairs.push_back(pair);
    } else {
      close_pair(pair);
    }
  }
  for (const Pair& pair : pairs) close_pair(pair);
}

}  // namespace sluice::test
