#include "runtime/watermark_merger.hpp"

#include <algorithm>

namespace sluice {

std::optional<Watermark> WatermarkMerger::update(size_t input, Watermark watermark) {
  inputs_[input] = watermark;
  int64_t minimum = INT64_MAX;
  bool all_idle = true;
  for (const std::optional<Watermark>& known : inputs_) {
    if (!known) return std::nullopt;
    if (known->is_idle()) continue;
    all_idle = false;
    minimum = std::min(minimum, known->time_us());
  }
  std::optional<Watermark> merged = Watermark::idle();
  if (!all_idle) {
    highest_us_ = std::max(highest_us_, minimum);
    merged = Watermark::at(highest_us_);
  }
  if (merged == last_) return std::nullopt;
  last_ = merged;
  return merged;
}

}  // namespace sluice
