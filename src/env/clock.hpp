// Clock: the only source of time. SystemClock in production, VirtualClock in tests, simulation and
// `sluice test`. Owned by the process or test, outlives everything that reads it; may be called
// from any thread; never fails.
#pragma once

#include <atomic>
#include <cstdint>

namespace sluice {

class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since 1970-01-01T00:00:00Z; may jump.
  virtual int64_t now_us() const = 0;
  // Microseconds since an arbitrary start; never goes back. For timeouts and durations.
  virtual int64_t monotonic_us() const = 0;
};

class SystemClock final : public Clock {
 public:
  int64_t now_us() const override;
  int64_t monotonic_us() const override;
};

class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(int64_t start_us) : now_us_(start_us) {}
  int64_t now_us() const override { return now_us_; }
  int64_t monotonic_us() const override { return now_us_; }
  void advance_us(int64_t duration_us) { now_us_ += duration_us; }
  void set_us(int64_t now_us) { now_us_ = now_us; }

 private:
  std::atomic<int64_t> now_us_;
};

}  // namespace sluice
