#include "env/clock.hpp"

#include <chrono>

namespace sluice {

namespace {

template <class ChronoClock>
int64_t microseconds_of() {
  using std::chrono::duration_cast;
  return duration_cast<std::chrono::microseconds>(ChronoClock::now().time_since_epoch()).count();
}

}  // namespace

int64_t SystemClock::now_us() const { return microseconds_of<std::chrono::system_clock>(); }
int64_t SystemClock::monotonic_us() const { return microseconds_of<std::chrono::steady_clock>(); }

}  // namespace sluice
