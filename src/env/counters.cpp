#include "env/counters.hpp"

#include <algorithm>

namespace sluice {

Counter& Counters::at(std::string_view metric, Labels labels) {
  std::sort(labels.begin(), labels.end());
  const std::lock_guard lock(mutex_);
  return counters_[{std::string(metric), std::move(labels)}];
}

std::vector<Counters::Sample> Counters::samples() const {
  const std::lock_guard lock(mutex_);
  std::vector<Sample> samples;
  samples.reserve(counters_.size());
  for (const auto& [key, counter] : counters_) {
    samples.push_back({key.first, key.second, counter.value()});
  }
  return samples;
}

}  // namespace sluice
