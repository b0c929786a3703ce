#include "env/counters.hpp"

#include <algorithm>

namespace sluice {

Counter& Counters::at(const Metric& metric, Labels labels, Part part) {
  std::sort(labels.begin(), labels.end());
  const std::lock_guard lock(mutex_);
  Entry& entry = counters_[{metric.name, part, std::move(labels)}];
  entry.metric = &metric;
  return entry.counter;
}

std::vector<Counters::Sample> Counters::samples() const {
  const std::lock_guard lock(mutex_);
  std::vector<Sample> samples;
  samples.reserve(counters_.size());
  for (const auto& [key, entry] : counters_) {
    const auto& [name, part, labels] = key;
    samples.push_back({entry.metric, part, labels, entry.counter.value()});
  }
  return samples;
}

}  // namespace sluice
