// DeadLetterWriter: one task's DeadLetters: counts by code and against the pipeline's limit, logs
// where each came from but not what is in it, and writes the envelopes through the dead-letter sink
// as part of the running epoch. Without such a sink a letter fails the pipeline with its own error.
// One thread; the limit is shared by all tasks and thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "dataflow/dead_letter.hpp"
#include "env/clock.hpp"
#include "env/counters.hpp"
#include "env/log.hpp"
#include "runtime/sink_writer.hpp"

namespace sluice {

// errors.stop_after: more than `count` letters within `within_us` are too many. Tasks take no
// further input then, and the run ends with error() once it has published the letters: whoever
// mends the cause must be able to read them. count 0: no limit. Thread-safe.
class DeadLetterLimit {
 public:
  DeadLetterLimit(uint64_t count, int64_t within_us, const Clock& clock)
      : count_(count), within_us_(within_us), clock_(clock) {}
  // One more letter, and why it is one.
  void count(const Error& error);
  // Once true it stays so.
  bool is_exceeded() const { return is_exceeded_.load(std::memory_order_acquire); }
  // too_many_dead_letters. Only once the limit is exceeded.
  Error error() const;
  // The same where publishing the letters has failed: the limit is told whatever else goes wrong,
  // for a run that were started again for another reason would meet the same letters.
  Error error_of_unpublished(const Error& cause) const;

 private:
  const uint64_t count_;
  const int64_t within_us_;
  const Clock& clock_;
  std::atomic<bool> is_exceeded_{false};
  mutable std::mutex mutex_;
  std::deque<int64_t> recent_us_;  // at most count_ + 1 times
  std::string last_;               // why the letter was one that was too many
};

class DeadLetterWriter final : public DeadLetters {
 public:
  // `sink` may be null: every letter is then an Error.
  DeadLetterWriter(std::string pipeline, SinkWriter* sink, DeadLetterLimit& limit,
                   Counters& counters, Log& log)
      : pipeline_(std::move(pipeline)),
        sink_(sink),
        limit_(limit),
        counters_(counters),
        log_(log) {}

  Status add(DeadLetter letter) override;
  bool is_over_limit() const { return limit_.is_exceeded(); }
  // Hands what was added to the sink: at the end of each step of the task, and of the epoch.
  Status flush();

 private:
  std::string pipeline_;
  SinkWriter* sink_;
  DeadLetterLimit& limit_;
  Counters& counters_;
  Log& log_;
  std::vector<DeadLetter> pending_;
};

}  // namespace sluice
