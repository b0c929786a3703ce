// For servers that are alive and slow: a machine that syncs its disk, a server that has just
// started, a replica that follows late.
#pragma once

#include <chrono>

#include "base/result.hpp"

namespace sluice::test {

// What `attempt` answers in the end: like the runtime, tries again while that may help. Each
// attempt waits on its own; the bound is for a server that never comes.
template <typename Attempt>
auto in_the_end(Attempt attempt) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  auto answer = attempt();
  while (!answer && answer.error().retry == Retry::later &&
         std::chrono::steady_clock::now() < deadline) {
    answer = attempt();
  }
  return answer;
}

}  // namespace sluice::test
