// Worker: the thread of one slot: steps its tasks in turn, sleeps when none can go on, and is woken
// by channels, sources and posts. Owned by the run. An Error or an exception of a task ends the
// worker and is kept for the run. wake() and what asks may be called from any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "runtime/task.hpp"

namespace sluice {

class Worker final : public Waker {
 public:
  // `on_end` is called once, on the worker's thread, when it ends.
  explicit Worker(std::function<void()> on_end) : on_end_(std::move(on_end)) {}
  ~Worker() override { stop(); }

  void add(Task& task) { tasks_.push_back(&task); }
  void start();
  void request_stop();
  // Joins the thread; tasks stay as they are. A call that does not return is waited for.
  void stop();
  // Not started yet, or no task is stepped any more.
  bool has_ended() const { return has_ended_; }
  // The step that a task is busy with; empty: none.
  std::string busy_step() const;
  void wake() override;
  // Of a task that failed.
  std::optional<Error> failure() const;

  // Where the thread's time went, in microseconds, for metrics.
  int64_t busy_us() const { return busy_us_.load(std::memory_order_relaxed); }
  int64_t backpressured_us() const { return backpressured_us_.load(std::memory_order_relaxed); }
  int64_t idle_us() const { return idle_us_.load(std::memory_order_relaxed); }

 private:
  // Until it is stopped, or a task fails.
  Status run();
  void note_failure(const Error& error);
  // Steps every task once. True when one made progress.
  Result<bool> step_all(bool& waits_for_room);
  // Until a task's next step is due at the latest.
  void sleep(bool waits_for_room);

  std::function<void()> on_end_;
  std::vector<Task*> tasks_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> has_ended_{true};
  mutable std::mutex mutex_;
  std::condition_variable condition_;
  bool woken_ = false;
  std::optional<Error> failure_;
  std::atomic<int64_t> busy_us_{0};
  std::atomic<int64_t> backpressured_us_{0};
  std::atomic<int64_t> idle_us_{0};
};

}  // namespace sluice
