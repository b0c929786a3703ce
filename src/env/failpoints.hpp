// Failpoints: named places where a test can make the process die, fail or wait. The engine's own
// are one list (env/failpoints.def); a connector declares its own (Connector::failpoints), so that
// a test can fire each and fail when one is never reached. Armed from the environment at start
// (SLUICE_FAILPOINTS="name=kill@3,other=error") or by tests; what is not armed costs a look-up, for
// places that are passed a few times an epoch. Owned by the process; declare() before all else and
// by one thread, the rest is thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice {

// A place; the texts are static.
struct Failpoint {
  std::string_view name;   // unique in the process
  std::string_view where;  // what has happened there, and what has not

#define SLUICE_FAILPOINT(point, description) static const Failpoint point;
#include "env/failpoints.def"
#undef SLUICE_FAILPOINT
};

#define SLUICE_FAILPOINT(point, description) \
  inline constexpr Failpoint Failpoint::point{#point, description};
#include "env/failpoints.def"
#undef SLUICE_FAILPOINT

class Failpoints {
 public:
  // kill: SIGKILL to the own process. error: hit() returns an Error. stop: SIGSTOP to the own
  // process.
  enum class Action : uint8_t { none, kill, error, stop };

  // Knows the engine's own.
  Failpoints();
  // Asserts that the names are new.
  void declare(std::span<const Failpoint> points);

  // Parses "name=action[@n],…": the action is taken at the n-th hit (from 1; default 1), once.
  Status arm(std::string_view specification);
  // This and the next two assert that the point is declared.
  void arm(const Failpoint& point, Action action, uint64_t at_hit = 1);
  // To be called where the failpoint stands.
  Status hit(const Failpoint& point);
  uint64_t hits(const Failpoint& point) const;

  std::vector<std::string_view> names() const;

 private:
  struct Slot {
    std::atomic<uint64_t> hits{0};
    std::atomic<uint64_t> at_hit{0};
    std::atomic<Action> action{Action::none};
  };
  Slot& slot(const Failpoint& point);
  static void arm(Slot& slot, Action action, uint64_t at_hit);

  std::map<std::string_view, Slot, std::less<>> slots_;
};

}  // namespace sluice
