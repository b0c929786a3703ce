// The text of /metrics: what the pipelines counted and what they report, in Prometheus' format.
// Names, units and help of what the engine counts stand in one table (env/metrics.hpp). Pure;
// any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/pipeline_report.hpp"

namespace sluice {

// Shares of a slot's time between two looks at it; they add up to 1, or are 0 without any time.
struct SlotLoad {
  double busy = 0;
  double backpressured = 0;
  double idle = 0;
};
// `before` of an earlier run, whose times were larger, does not count.
SlotLoad load_between(const SlotTime& before, const SlotTime& after);

struct PipelineMetrics {
  PipelineReport report;
  std::vector<Counters::Sample> samples;
  std::vector<SlotLoad> slots;
};

struct ServiceMetrics {
  std::vector<PipelineMetrics> pipelines;
  std::string version;
  uint64_t config_generation = 0;
  int64_t now_us = 0;
  bool is_reload_refused = false;
};

std::string metrics_text(const ServiceMetrics& service);

}  // namespace sluice
