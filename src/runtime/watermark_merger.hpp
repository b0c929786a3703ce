// WatermarkMerger: the watermark of an operator with several inputs: the minimum of those that are
// neither idle nor final. When none is left it is idle and stands at the furthest time that any of
// them has come to, so that it does not matter which fell quiet first; final when all are. It never
// goes back. One thread.
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
  // The highest time merged so far, also when it is idle; none: there was none.
  std::optional<int64_t> stands_at() const { return highest_us_; }

 private:
  std::vector<std::optional<Watermark>> inputs_;  // none: nothing has come yet
  std::optional<Watermark> last_;
  std::optional<int64_t> highest_us_;
  std::optional<int64_t> furthest_us_;  // of all that came, final ones apart
};

}  // namespace sluice
