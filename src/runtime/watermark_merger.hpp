// WatermarkMerger: the watermark of an operator with several inputs: the minimum of those that are
// not idle; idle when all are. It never goes back. One thread.
#pragma once

#include <optional>
#include <vector>

#include "data/stream_element.hpp"

namespace sluice {

class WatermarkMerger {
 public:
  explicit WatermarkMerger(size_t inputs) : inputs_(inputs) {}

  // Takes an input's watermark; returns the merged one when it changed.
  std::optional<Watermark> update(size_t input, Watermark watermark);

 private:
  std::vector<std::optional<Watermark>> inputs_;  // none: nothing has come yet
  std::optional<Watermark> last_;
  int64_t highest_us_ = INT64_MIN;
};

}  // namespace sluice
