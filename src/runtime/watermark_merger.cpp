#include "runtime/watermark_merger.hpp"

#include <algorithm>

namespace sluice {

std::optional<Watermark> WatermarkMerger::update(size_t input, Watermark watermark) {
  inputs_[input] = watermark;
  // An empty optional is less than any time.
  if (!watermark.is_idle() && !watermark.is_final())
    furthest_us_ = std::max(furthest_us_, std::optional(watermark.time_us()));
  std::optional<int64_t> minimum_us;
  bool all_final = true;
  for (const std::optional<Watermark>& known : inputs_) {
    if (!known) return std::nullopt;
    if (known->is_final()) continue;
    all_final = false;
    if (known->is_idle()) continue;
    minimum_us = std::min(minimum_us.value_or(INT64_MAX), known->time_us());
  }
  Watermark merged = Watermark::final();
  if (!all_final) {
    highest_us_ = std::max(highest_us_, minimum_us ? minimum_us : furthest_us_);
    merged = minimum_us ? Watermark::at(*highest_us_) : Watermark::idle();
  }
  if (merged == last_) return std::nullopt;
  last_ = merged;
  return merged;
}

}  // namespace sluice
