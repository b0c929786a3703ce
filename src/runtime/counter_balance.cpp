#include "runtime/counter_balance.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "env/metrics.hpp"

namespace sluice {

namespace {

// The labels of an operator without those of one reason or action.
Labels operator_of(const Labels& labels) {
  Labels result;
  for (const auto& [name, value] : labels) {
    if (name == "pipeline" || name == "step" || name == "operator")
      result.emplace_back(name, value);
  }
  return result;
}

// How a counter counts among those that add up: see StepCounters.
int64_t sign_of(const Metric* metric) {
  constexpr const Metric* came[] = {&metrics::records_in, &metrics::records_created,
                                    &metrics::records_restored};
  constexpr const Metric* went[] = {&metrics::records_out, &metrics::records_dropped,
                                    &metrics::records_dead, &metrics::late_records};
  if (std::find(std::begin(came), std::end(came), metric) != std::end(came)) return 1;
  return std::find(std::begin(went), std::end(went), metric) != std::end(went) ? -1 : 0;
}

}  // namespace

void begin_counting(Counters& counters) {
  std::map<Labels, int64_t> left;
  for (const Counters::Sample& sample : counters.samples()) {
    if (const int64_t sign = sign_of(sample.metric); sign != 0) {
      left[operator_of(sample.labels)] += sign * sample.value;
    }
  }
  for (const auto& [labels, rows] : left) {
    counters.at(metrics::records_held, labels).set(0);
    if (rows == 0) continue;
    Labels with_reason = labels;
    with_reason.emplace_back("reason", "rolled_back");
    counters.at(metrics::records_dropped, std::move(with_reason)).add(rows);
  }
}

void count_restored(Counters& counters) {
  for (const Counters::Sample& sample : counters.samples()) {
    if (sample.metric == &metrics::records_held) {
      counters.at(metrics::records_restored, sample.labels).add(sample.value);
    }
  }
}

}  // namespace sluice
