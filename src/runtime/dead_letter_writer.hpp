// DeadLetterWriter: one task's DeadLetters: counts by code, enforces the pipeline's limit, and
// writes the envelopes through the dead-letter sink as part of the running epoch. Without such a
// sink a letter fails the pipeline with its own error. One thread; the limit is shared by all tasks
// and thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "dataflow/dead_letter.hpp"
#include "env/clock.hpp"
#include "env/counters.hpp"
#include "runtime/sink_writer.hpp"

namespace sluice {

// errors.stop_after: more than `count` letters within `within_us` stop the pipeline. count 0: no
// limit.
class DeadLetterLimit {
 public:
  DeadLetterLimit(uint64_t count, int64_t within_us, const Clock& clock)
      : count_(count), within_us_(within_us), clock_(clock) {}
  // Counts one letter. Error too_many_dead_letters.
  Status admit(const Error& error);

 private:
  const uint64_t count_;
  const int64_t within_us_;
  const Clock& clock_;
  std::mutex mutex_;
  std::deque<int64_t> recent_us_;  // at most count_ + 1 times
};

class DeadLetterWriter final : public DeadLetters {
 public:
  // `sink` may be null: every letter is then an Error.
  DeadLetterWriter(std::string pipeline, SinkWriter* sink, DeadLetterLimit& limit,
                   Counters& counters)
      : pipeline_(std::move(pipeline)), sink_(sink), limit_(limit), counters_(counters) {}

  Status add(DeadLetter letter) override;
  // Hands what was added to the sink: at the end of each step of the task, and of the epoch.
  Status flush();

 private:
  std::string pipeline_;
  SinkWriter* sink_;
  DeadLetterLimit& limit_;
  Counters& counters_;
  std::vector<DeadLetter> pending_;
};

}  // namespace sluice
