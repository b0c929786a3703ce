// ClientLimits: no client holds a connection for long. Each has a few seconds from its first byte
// to the last of its answer, however busy it is; of more than there is room for, the oldest goes.
// A connection that must go is shut down, and whoever serves it finds it closed.
//
// opened and closed are told by the threads that serve; a thread of its own looks at the times. The
// descriptor must stay open until closed() has returned.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <thread>

#include "env/clock.hpp"

namespace sluice {

class ClientLimits {
 public:
  ClientLimits(size_t most_clients, int64_t longest_us, const Clock& clock);
  ~ClientLimits();
  ClientLimits(const ClientLimits&) = delete;
  ClientLimits& operator=(const ClientLimits&) = delete;

  void opened(int socket);
  void closed(int socket);

 private:
  struct Client {
    int socket;
    int64_t ends_us;
    bool is_shut = false;
  };

  void shut_late_ones();

  const size_t most_clients_;
  const int64_t longest_us_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Client> clients_;  // the oldest first
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace sluice
