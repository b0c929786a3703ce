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
#include <tuple>
#include <utility>
#include <vector>

#include "env/metric.hpp"

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
  // What a counter is of its metric: all of it, or of a histogram one of the three that it takes.
  enum class Part : uint8_t { whole, bucket, sum, count };

  // The counter of this metric and these labels, created at its first use.
  Counter& at(const Metric& metric, Labels labels, Part part = Part::whole);

  struct Sample {
    const Metric* metric;
    Part part;
    Labels labels;
    int64_t value;
  };
  // By the names of the metrics.
  std::vector<Sample> samples() const;

 private:
  struct Entry {
    const Metric* metric = nullptr;
    Counter counter;
  };

  mutable std::mutex mutex_;
  std::map<std::tuple<std::string_view, Part, Labels>, Entry> counters_;  // by the metric's name
};

}  // namespace sluice
