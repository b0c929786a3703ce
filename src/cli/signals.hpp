// StopSignals: SIGTERM and SIGINT as a request to stop; a second one ends the process at once with
// 143. Made in main before any other thread, so that every thread inherits the blocked mask; the
// callback runs on a thread of its own.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace sluice {

class StopSignals {
 public:
  explicit StopSignals(std::function<void()> on_stop);
  ~StopSignals();

 private:
  void wait_loop();

  std::function<void()> on_stop_;
  std::atomic<bool> finished_{false};
  std::thread thread_;
};

// Blocks the signals in the calling thread: first thing in main.
void block_stop_signals();

}  // namespace sluice
