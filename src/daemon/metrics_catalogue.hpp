// The catalogue of what the engine counts: how each counter of a Counters is shown to Prometheus.
// Constant; any thread.
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

struct MetricDescription {
  std::string_view counter;  // its name in Counters; of a histogram without suffix
  std::string_view name;     // as exported
  MetricKind kind;
  std::string_view help;
};

// The entry of a counter by its name, which for a histogram has one of three suffixes. One that is
// not in the catalogue is given as a gauge with its own name and a help that says so.
MetricDescription describe_metric(std::string_view counter);

}  // namespace sluice
