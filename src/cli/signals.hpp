// StopSignals: SIGTERM, SIGINT and SIGHUP as a request to stop; a second one ends the process at
// once with 143. A SIGHUP that is ignored, as under nohup, stays so. When the stop takes longer
// than it may, because a thread hangs in a server that does not answer, the process ends with 0 all
// the same: the next start recovers. Its signals are blocked in main before any other thread, so
// that every thread inherits the mask; the callback runs on a thread of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

#include "env/environment.hpp"

namespace sluice {

// What a stop may take beyond its timeout, until threads that have to end do.
constexpr int64_t stop_grace_us = 2'000'000;

class StopSignals {
 public:
  // The limit counts from the first signal.
  StopSignals(std::function<void()> on_stop, int64_t limit_us, const Environment& environment);
  ~StopSignals();

 private:
  void wait_loop();

  std::function<void()> on_stop_;
  const int64_t limit_us_;
  const Environment environment_;
  std::atomic<bool> finished_{false};
  std::thread thread_;
};

// Blocks the signals in the calling thread: first thing in main.
void block_stop_signals();
// Ends the process without waiting for its threads: one of them does not come back.
[[noreturn]] void end_now(int exit_code);
// Lets them end the process: for verbs that do not wait for them.
void unblock_stop_signals();
// For a service: it outlives the terminal that it was started from. Before any StopSignals.
void ignore_hangup();

}  // namespace sluice
