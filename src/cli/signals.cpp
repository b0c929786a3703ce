#include "cli/signals.hpp"

#include <unistd.h>
#include <csignal>
#include <ctime>

namespace sluice {

namespace {

constexpr int forced_stop_exit = 143;

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

void block_stop_signals() {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

StopSignals::StopSignals(std::function<void()> on_stop)
    : on_stop_(std::move(on_stop)), thread_([this] { wait_loop(); }) {}

StopSignals::~StopSignals() {
  finished_ = true;
  thread_.join();
}

void StopSignals::wait_loop() {
  const sigset_t signals = stop_signals();
  constexpr timespec look_interval{0, 100'000'000};
  bool is_stopping = false;
  while (!finished_) {
    if (sigtimedwait(&signals, nullptr, &look_interval) < 0) continue;
    if (is_stopping) _exit(forced_stop_exit);
    is_stopping = true;
    on_stop_();
  }
}

}  // namespace sluice
