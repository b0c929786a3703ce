// Signals: SIGTERM and SIGINT as a request to stop; a second one ends the process at once with 143.
// SIGHUP is one too, unless it is ignored, as under nohup; for a verb that takes it as a request to
// read its files again it is never anything else. When the stop takes longer than it may, because a
// thread hangs in a server that does not answer, the process ends with 0 all the same: the next
// start recovers. Its signals are blocked in main before any other thread, so that every thread
// inherits the mask; the callbacks run on a thread of its own, and only take note.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

#include "env/environment.hpp"

namespace sluice {

// What a stop may take beyond its timeout, until threads that have to end do.
constexpr int64_t stop_grace_us = 2'000'000;

struct SignalCalls {
  std::function<void()> on_stop;
  std::function<void()> on_reload;  // none: SIGHUP is a request to stop
};

class Signals {
 public:
  // The limit counts from the first request to stop.
  Signals(SignalCalls calls, int64_t limit_us, const Environment& environment);
  ~Signals();

 private:
  void wait_loop();

  const SignalCalls calls_;
  const int64_t limit_us_;
  const Environment environment_;
  std::atomic<bool> finished_{false};
  std::thread thread_;
};

// Blocks the signals in the calling thread: first thing in main.
void block_signals();
// Ends the process without waiting for its threads: one of them does not come back.
[[noreturn]] void end_now(int exit_code);
// Lets them end the process: for verbs that do not wait for them.
void unblock_signals();

}  // namespace sluice
