#include "runtime/counter_balance.hpp"

#include <map>
#include <set>

namespace sluice {

namespace {

constexpr std::string_view held = "sluice_records_held";

// The labels of an operator without those of one reason or action.
Labels operator_of(const Labels& labels) {
  Labels result;
  for (const auto& [name, value] : labels) {
    if (name == "pipeline" || name == "step" || name == "operator")
      result.emplace_back(name, value);
  }
  return result;
}

int64_t sign_of(const std::string& metric) {
  static const std::set<std::string, std::less<>> came = {
      "sluice_records_in_total", "sluice_records_created_total", "sluice_records_restored_total"};
  static const std::set<std::string, std::less<>> went = {
      "sluice_records_out_total", "sluice_records_dropped_total", "sluice_records_dead_total",
      "sluice_late_records_total"};
  if (came.contains(metric)) return 1;
  return went.contains(metric) ? -1 : 0;
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
    counters.at(held, labels).set(0);
    if (rows == 0) continue;
    Labels with_reason = labels;
    with_reason.emplace_back("reason", "rolled_back");
    counters.at("sluice_records_dropped_total", std::move(with_reason)).add(rows);
  }
}

void count_restored(Counters& counters) {
  for (const Counters::Sample& sample : counters.samples()) {
    if (sample.metric == held) {
      counters.at("sluice_records_restored_total", sample.labels).add(sample.value);
    }
  }
}

}  // namespace sluice
