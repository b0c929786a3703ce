#include "cli/signals.hpp"

#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <ctime>

namespace sluice {

namespace {

constexpr int forced_stop_exit = 143;

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  // Blocked signals come to sigtimedwait even when they are ignored.
  struct sigaction hangup {};
  const bool is_known = sigaction(SIGHUP, nullptr, &hangup) == 0;
  if (is_known && hangup.sa_handler != SIG_IGN) sigaddset(&signals, SIGHUP);
  return signals;
}

}  // namespace

void block_stop_signals() {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void unblock_stop_signals() {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

void end_now(int exit_code) {
  std::fflush(nullptr);
  _exit(exit_code);
}

void ignore_hangup() { std::signal(SIGHUP, SIG_IGN); }

StopSignals::StopSignals(std::function<void()> on_stop, int64_t limit_us,
                         const Environment& environment)
    : on_stop_(std::move(on_stop)),
      limit_us_(limit_us),
      environment_(environment),
      thread_([this] { wait_loop(); }) {}

StopSignals::~StopSignals() {
  finished_ = true;
  thread_.join();
}

void StopSignals::wait_loop() {
  const sigset_t signals = stop_signals();
  constexpr timespec look_interval{0, 100'000'000};
  const Clock& clock = *environment_.clock;
  int64_t deadline_us = INT64_MAX;
  while (!finished_) {
    const bool came = sigtimedwait(&signals, nullptr, &look_interval) >= 0;
    if (came && deadline_us != INT64_MAX) _exit(forced_stop_exit);
    if (came) {
      deadline_us = clock.monotonic_us() + limit_us_;
      on_stop_();
    }
    if (clock.monotonic_us() < deadline_us) continue;
    environment_.log->warning("ended by force: a thread was still at work or waited for a server");
    _exit(0);
  }
}

}  // namespace sluice
