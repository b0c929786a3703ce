#include "cli/signals.hpp"

#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <utility>

namespace sluice {

namespace {

constexpr int forced_stop_exit = 143;

sigset_t all_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

// Blocked signals come to sigtimedwait even when they are ignored.
bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

void block_signals() {
  const sigset_t signals = all_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void unblock_signals() {
  const sigset_t signals = all_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

void end_now(int exit_code) {
  std::fflush(nullptr);
  _exit(exit_code);
}

Signals::Signals(SignalCalls calls, int64_t limit_us, const Environment& environment)
    : calls_(std::move(calls)),
      limit_us_(limit_us),
      environment_(environment),
      thread_([this] { wait_loop(); }) {}

Signals::~Signals() {
  finished_ = true;
  thread_.join();
}

void Signals::wait_loop() {
  sigset_t signals = all_signals();
  if (!calls_.on_reload && is_ignored(SIGHUP)) sigdelset(&signals, SIGHUP);
  constexpr timespec look_interval{0, 100'000'000};
  const Clock& clock = *environment_.clock;
  int64_t deadline_us = INT64_MAX;
  while (!finished_) {
    const int signal = sigtimedwait(&signals, nullptr, &look_interval);
    if (signal == SIGHUP && calls_.on_reload) {
      calls_.on_reload();
    } else if (signal > 0) {
      if (deadline_us != INT64_MAX) _exit(forced_stop_exit);
      deadline_us = clock.monotonic_us() + limit_us_;
      calls_.on_stop();
    }
    if (clock.monotonic_us() < deadline_us) continue;
    environment_.log->warning("ended by force: a thread was still at work or waited for a server");
    _exit(0);
  }
}

}  // namespace sluice
