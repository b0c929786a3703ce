// Histogram: how long something took, kept in a Counters as the metric's buckets with label `le`,
// its sum and its count, cumulative as Prometheus reads them. Bounds are in seconds,
// the sum is in microseconds: whoever exports it divides. Cheap to copy; observe from any thread;
// the Counters outlives it.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "env/counters.hpp"

namespace sluice {

class Histogram {
 public:
  Histogram(Counters& counters, const Metric& metric, const Labels& labels);

  void observe_us(int64_t duration_us);

 private:
  std::vector<std::pair<int64_t, Counter*>> buckets_;  // upper bound in microseconds
  Counter* sum_us_;
  Counter* count_;
};

}  // namespace sluice
