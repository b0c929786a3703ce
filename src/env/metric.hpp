// Metric: something that is counted, as Prometheus is shown it. Constants that live as long as the
// program: the engine's are in env/metrics.hpp. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice {

enum class MetricKind : uint8_t {
  counter,
  gauge,
  age,        // a gauge: the counter holds a time in microseconds, shown are the seconds since then
  histogram,  // see env/histogram.hpp
};

struct Metric {
  std::string_view name;  // sluice_records_in_total
  MetricKind kind;
  std::string_view help;
};

}  // namespace sluice
