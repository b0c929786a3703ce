#include "daemon/client_limits.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <chrono>

namespace sluice {

ClientLimits::ClientLimits(size_t most_clients, int64_t longest_us, const Clock& clock)
    : most_clients_(most_clients),
      longest_us_(longest_us),
      clock_(clock),
      thread_([this] { shut_late_ones(); }) {}

ClientLimits::~ClientLimits() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ClientLimits::opened(int socket) {
  const std::lock_guard lock(mutex_);
  if (clients_.size() >= most_clients_) {
    const auto oldest = std::find_if(clients_.begin(), clients_.end(),
                                     [](const Client& client) { return !client.is_shut; });
    if (oldest != clients_.end()) {
      oldest->is_shut = true;
      shutdown(oldest->socket, SHUT_RDWR);
    }
  }
  clients_.push_back({socket, clock_.monotonic_us() + longest_us_});
  changed_.notify_all();
}

void ClientLimits::closed(int socket) {
  const std::lock_guard lock(mutex_);
  clients_.remove_if([socket](const Client& client) { return client.socket == socket; });
}

void ClientLimits::shut_late_ones() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    const int64_t now_us = clock_.monotonic_us();
    const auto in_time = std::find_if(clients_.begin(), clients_.end(), [now_us](Client& client) {
      if (client.ends_us > now_us) return true;
      if (!client.is_shut) shutdown(client.socket, SHUT_RDWR);
      client.is_shut = true;
      return false;
    });
    if (in_time == clients_.end()) {
      changed_.wait(lock);
    } else {
      changed_.wait_for(lock, std::chrono::microseconds(in_time->ends_us - now_us));
    }
  }
}

}  // namespace sluice
