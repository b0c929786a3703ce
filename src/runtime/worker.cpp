#include "runtime/worker.hpp"

#include <algorithm>
#include <chrono>

#include "base/caught_exception.hpp"

namespace sluice {

namespace {

using SteadyClock = std::chrono::steady_clock;

// Idle partitions are noticed by looking again after this time, so that nothing has to arm a timer
// for them.
constexpr auto longest_sleep = std::chrono::milliseconds(100);

int64_t microseconds_since(SteadyClock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - start).count();
}

}  // namespace

void Worker::start() {
  has_ended_ = false;
  thread_ = std::thread([this] {
    const Status ended = catch_exceptions("a task of the pipeline", [this] { return run(); });
    if (!ended) note_failure(ended.error());
    has_ended_ = true;
    on_end_();
  });
}

void Worker::request_stop() {
  stopping_ = true;
  wake();
}

void Worker::stop() {
  request_stop();
  if (thread_.joinable()) thread_.join();
}

void Worker::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  condition_.notify_one();
}

std::optional<Error> Worker::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

Result<bool> Worker::step_all(bool& waits_for_room) {
  bool worked = false;
  for (Task* task : tasks_) {
    SLUICE_ASSIGN(const Task::Step step, task->step());
    worked = worked || step == Task::Step::worked;
    waits_for_room = waits_for_room || step == Task::Step::waits_for_room;
  }
  return worked;
}

void Worker::note_failure(const Error& error) {
  const std::lock_guard lock(mutex_);
  failure_ = error;
}

std::string Worker::busy_step() const {
  for (const Task* task : tasks_) {
    if (std::string step = task->busy_step(); !step.empty()) return step;
  }
  return {};
}

Status Worker::run() {
  while (!stopping_) {
    const auto start = SteadyClock::now();
    bool waits_for_room = false;
    const Result<bool> worked = step_all(waits_for_room);
    busy_us_ += microseconds_since(start);
    if (!worked) return fail(worked.error());
    if (!*worked) sleep(waits_for_room);
  }
  return {};
}

void Worker::sleep(bool waits_for_room) {
  const auto start = SteadyClock::now();
  std::chrono::microseconds longest = longest_sleep;
  for (const Task* task : tasks_) {
    longest = std::min(longest, std::chrono::microseconds(task->next_step_in_us()));
  }
  {
    std::unique_lock lock(mutex_);
    condition_.wait_for(lock, longest, [this] { return woken_; });
    woken_ = false;
  }
  (waits_for_room ? backpressured_us_ : idle_us_) += microseconds_since(start);
}

}  // namespace sluice
