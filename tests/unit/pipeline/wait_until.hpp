// Waiting for what other threads do, without sleeping. A bound fails a test that would hang.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <thread>

#include "env/clock.hpp"

namespace sluice::test {

// Until it is so.
inline void wait_until(const std::function<bool()>& is_so, const char* what) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!is_so()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "waited for: " << what;
    std::this_thread::yield();
  }
}

// The same while time goes on, so slowly that what happens meanwhile takes next to none of it. Time
// that is moved once may be moved before the pipeline has looked at it for the first time.
inline void advance_until(VirtualClock& clock, const std::function<bool()>& is_so,
                          const char* what) {
  const auto advance = [&] {
    clock.advance_us(1000);
    return is_so();
  };
  wait_until(advance, what);
}

}  // namespace sluice::test
