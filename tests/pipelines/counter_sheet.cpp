#include "pipelines/counter_sheet.hpp"

#include "env/metrics.hpp"

namespace sluice::test {

void CounterSheet::add(const Counters& counters) {
  for (const Counters::Sample& sample : counters.samples()) {
    std::string step;
    for (const auto& [name, value] : sample.labels) {
      if (name == "step" || name == "operator") step += value + "/";
    }
    const bool is_source = sample.metric == &metrics::records_in ||
                           sample.metric == &metrics::records_created ||
                           sample.metric == &metrics::records_restored;
    const bool is_end =
        sample.metric == &metrics::records_out || sample.metric == &metrics::records_dropped ||
        sample.metric == &metrics::records_dead || sample.metric == &metrics::late_records;
    if (is_source) balance_[step] += sample.value;
    if (is_end) balance_[step] -= sample.value;
    if (sample.metric == &metrics::records_held) held_[step] += sample.value;
  }
}

std::string CounterSheet::problems() const {
  std::string problems;
  for (const auto& [step, balance] : balance_) {
    const auto held = held_.find(step);
    const int64_t expected = held == held_.end() ? 0 : held->second;
    if (balance == expected) continue;
    problems += "counters of " + step +
                " do not add up: in + created + restored - out - dropped - dead - " + "late is " +
                std::to_string(balance) + ", held is " + std::to_string(expected) + "\n";
  }
  return problems;
}

}  // namespace sluice::test
