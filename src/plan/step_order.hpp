// In which order steps are bound: each after those that it reads. Pure.
#pragma once

#include <vector>

#include "plan/plan_request.hpp"

namespace sluice {

struct StepOrder {
  struct Entry {
    const StepSettings* step;
    std::vector<std::string> reads;  // sources and steps
  };
  std::vector<Entry> entries;                   // inputs before readers
  std::vector<const StepSettings*> in_circles;  // steps that read each other
};

StepOrder order_steps(const std::vector<StepSettings>& steps);

}  // namespace sluice
