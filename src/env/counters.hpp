// Counters: named monotonic counts and gauges of one pipeline, read by the metrics endpoint while
// tasks write them. A Counter's address is stable until its Counters die; add() from any thread.
// Registration takes a lock: do it once, in open().
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

class Counter {
 public:
  void add(int64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  void set(int64_t value) { value_.store(value, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

using Labels = std::vector<std::pair<std::string, std::string>>;

class Counters {
 public:
  // The counter of this metric and these labels, created at its first use.
  Counter& at(std::string_view metric, Labels labels);

  struct Sample {
    std::string metric;
    Labels labels;
    int64_t value;
  };
  std::vector<Sample> samples() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, Labels>, Counter> counters_;
};

}  // namespace sluice
