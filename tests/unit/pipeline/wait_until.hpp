// Waiting for what a pipeline's threads do: they are given the processor meanwhile, and a pipeline
// that ends without having done it fails the test at once. A bound fails a test that would hang.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>

#include "env/clock.hpp"
#include "pipeline/pipeline.hpp"

namespace sluice::test {

// Looks after every `pause_us` of real time until it is so; `before_pause` comes in between.
inline void look_until(Pipeline& pipeline, int64_t pause_us,
                       const std::function<void()>& before_pause,
                       const std::function<bool()>& is_so, const char* what) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!is_so()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "waited for: " << what;
    before_pause();
    if (!pipeline.wait_for(pause_us)) continue;
    ASSERT_TRUE(is_so()) << "the pipeline has ended, waited for: " << what;
  }
}

// Until it is so, while time stands still.
inline void wait_until(Pipeline& pipeline, const std::function<bool()>& is_so, const char* what) {
  look_until(
      pipeline, 1'000, [] {}, is_so, what);
}

// Until the run has read so many records.
inline void wait_for_read(Pipeline& pipeline, uint64_t records) {
  wait_until(
      pipeline, [&] { return pipeline.status().run.records_read >= records; }, "records read");
}

// The same as wait_until while time goes on, by `step_us` at every look. How much of it what
// happens meanwhile takes, nobody knows: a pipeline mostly looks at the clock between two steps,
// but on a busy machine many pass before it does. So a test takes the coarsest step that it needs,
// and holds whatever the time is in the end. Moved only once, time may be moved before the pipeline
// has looked at it for the first time.
inline void advance_until(Pipeline& pipeline, VirtualClock& clock, int64_t step_us,
                          const std::function<bool()>& is_so, const char* what) {
  constexpr int64_t pause_us = 25'000;  // the pipeline's own look at the clock is every 20 ms
  look_until(
      pipeline, pause_us, [&] { clock.advance_us(step_us); }, is_so, what);
}

}  // namespace sluice::test
