#include "pipelines/counter_sheet.hpp"

namespace sluice::test {

void CounterSheet::add(const Counters& counters) {
  for (const Counters::Sample& sample : counters.samples()) {
    std::string step;
    for (const auto& [name, value] : sample.labels) {
      if (name == "step" || name == "operator") step += value + "/";
    }
    const bool is_source = sample.metric == "sluice_records_in_total" ||
                           sample.metric == "sluice_records_created_total" ||
                           sample.metric == "sluice_records_restored_total";
    const bool is_end = sample.metric == "sluice_records_out_total" ||
                        sample.metric == "sluice_records_dropped_total" ||
                        sample.metric == "sluice_records_dead_total" ||
                        sample.metric == "sluice_late_records_total";
    if (is_source) balance_[step] += sample.value;
    if (is_end) balance_[step] -= sample.value;
    if (sample.metric == "sluice_records_held") held_[step] += sample.value;
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
