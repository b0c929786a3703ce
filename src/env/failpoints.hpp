// Failpoints: named places where a test can make the process die, fail or wait. The names are one
// list (env/failpoints.def), so that a test can fire each and fail when one is never reached. Armed
// from the environment at start (SLUICE_FAILPOINTS="name=kill@3,other=error") or by tests; an
// unarmed failpoint costs one relaxed load. Owned by the process; thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace sluice {

enum class Failpoint : uint8_t {
#define SLUICE_FAILPOINT(name, description) name,
#include "env/failpoints.def"
#undef SLUICE_FAILPOINT
  count
};

class Failpoints {
 public:
  // kill: SIGKILL to the own process. error: hit() returns an Error. stop: SIGSTOP to the own
  // process.
  enum class Action : uint8_t { none, kill, error, stop };

  // Parses "name=action[@n],…": the action is taken at the n-th hit (from 1; default 1), once.
  Status arm(std::string_view specification);
  void arm(Failpoint point, Action action, uint64_t at_hit = 1);

  // To be called where the failpoint stands.
  Status hit(Failpoint point) {
    auto& slot = slots_[static_cast<size_t>(point)];
    slot.hits.fetch_add(1, std::memory_order_relaxed);
    if (slot.action.load(std::memory_order_relaxed) == Action::none) [[likely]]
      return {};
    return fire(point);
  }
  uint64_t hits(Failpoint point) const;

  static std::string_view name(Failpoint point);

 private:
  struct Slot {
    std::atomic<uint64_t> hits{0};
    std::atomic<uint64_t> at_hit{0};
    std::atomic<Action> action{Action::none};
  };
  Status fire(Failpoint point);

  std::array<Slot, static_cast<size_t>(Failpoint::count)> slots_;
};

}  // namespace sluice
