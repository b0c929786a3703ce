#include "checkpoint/publish_queue.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "base/caught_exception.hpp"

namespace sluice {

namespace {

constexpr int attempts_in_line = 3;
constexpr std::chrono::milliseconds first_backoff{100};
constexpr std::chrono::milliseconds longest_backoff{10'000};

}  // namespace

PublishQueue::PublishQueue(std::unique_ptr<TargetPublisher> publisher,
                           std::vector<DeadLetter> rejects, const Environment& environment)
    : publisher_(std::move(publisher)), environment_(environment), rejects_(std::move(rejects)) {
  const Marker& marker = *publisher_->marker();
  published_ = {marker.epoch, marker.checksum};
}

PublishQueue::~PublishQueue() { stop(); }

void PublishQueue::push(DecidedSpool spool) {
  {
    const std::lock_guard lock(mutex_);
    spools_.push_back(std::move(spool));
  }
  changed_.notify_all();
}

Status PublishQueue::publish_pending() {
  int attempts = 0;
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (failure_) return fail(*failure_);
      if (spools_.empty()) return {};
      if (attempts == attempts_in_line) return fail(*last_error_);
    }
    attempts = publish_first() ? 0 : attempts + 1;
  }
}

void PublishQueue::start() {
  thread_ = std::thread([this] {
    const Status ended = catch_exceptions("publishing", [this] { run(); });
    if (!ended) give_up(ended.error());
  });
}

void PublishQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_requested_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// What the target got of the attempt, the next start asks it; this publisher is in no known state.
void PublishQueue::give_up(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    failure_ = error;
  }
  changed_.notify_all();
}

void PublishQueue::run() {
  std::chrono::milliseconds backoff = first_backoff;
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_requested_ || (!failure_ && !spools_.empty()); });
    if (stop_requested_) return;
    lock.unlock();
    const bool is_published = publish_first();
    lock.lock();
    if (is_published) {
      backoff = first_backoff;
      continue;
    }
    changed_.wait_for(lock, backoff, [this] { return stop_requested_; });
    backoff = std::min(backoff * 2, longest_backoff);
  }
}

void PublishQueue::note_times(const DecidedSpool& spool, int64_t started_us) {
  if (!measures_) return;
  measures_->duration.observe_us(environment_.clock->monotonic_us() - started_us);
  if (spool.oldest_record_us == INT64_MAX) return;
  // Two machines' clocks may differ.
  const int64_t age_us = environment_.clock->now_us() - spool.oldest_record_us;
  measures_->end_to_end.observe_us(std::max<int64_t>(0, age_us));
}

bool PublishQueue::publish_first() {
  DecidedSpool spool;
  {
    const std::lock_guard lock(mutex_);
    spool = spools_.front();
  }
  const int64_t started_us = environment_.clock->monotonic_us();
  auto letters = publisher_->publish(spool);
  if (letters) note_times(spool, started_us);
  {
    const std::lock_guard lock(mutex_);
    if (letters) {
      std::move(letters->begin(), letters->end(), std::back_inserter(rejects_));
      published_ = spool.facts.point;
      spools_.pop_front();
      last_error_.reset();
    } else if (letters.error().retry == Retry::later) {
      last_error_ = letters.error();
    } else {
      failure_ = letters.error();
    }
  }
  changed_.notify_all();
  if (!letters) {
    environment_.log->warning(
        "publishing did not succeed", letters.error(),
        {{"target", publisher_->target()}, {"checkpoint", spool.facts.point.epoch.value}});
  }
  return letters.has_value();
}

PublishProgress PublishQueue::progress() const {
  const std::lock_guard lock(mutex_);
  return {published_, spools_.size(), publisher_->republished(), last_error_, failure_};
}

bool PublishQueue::has_rejects() const {
  const std::lock_guard lock(mutex_);
  return !rejects_.empty();
}

TakenRejects PublishQueue::take_rejects() {
  const std::lock_guard lock(mutex_);
  return {std::exchange(rejects_, {}), published_.epoch};
}

bool PublishQueue::wait_empty(int64_t timeout_us) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::microseconds(std::max<int64_t>(timeout_us, 0)),
                    [this] { return spools_.empty() || failure_; });
  return spools_.empty();
}

}  // namespace sluice
