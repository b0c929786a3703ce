// StreamElement: everything a Channel carries, in order: rows, watermarks, checkpoint barriers. A
// stream ends with a final barrier: sources that are finished go on passing barriers until then.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "base/ids.hpp"
#include "data/record_batch.hpp"

namespace sluice {

// Event time up to which (less an edge's lag) no more rows will come, or Idle: the whole source is
// idle and holds nobody back. Never a magic number.
class Watermark {
 public:
  static Watermark at(int64_t time_us) { return Watermark(time_us); }
  static Watermark idle() { return Watermark(std::nullopt); }
  // The last watermark of a bounded input: every window closes.
  static Watermark final() { return Watermark(INT64_MAX); }

  bool is_idle() const { return !time_us_.has_value(); }
  bool is_final() const { return time_us_ == INT64_MAX; }
  int64_t time_us() const { return *time_us_; }
  bool operator==(const Watermark&) const = default;

 private:
  explicit Watermark(std::optional<int64_t> time_us) : time_us_(time_us) {}
  std::optional<int64_t> time_us_;
};

struct CheckpointBarrier {
  Epoch epoch;
  int64_t time_us = 0;  // the coordinator's clock when it was injected: `emit.every` decides by it,
                        // alike in all tasks
  bool final = false;   // no rows follow: the run stops, or the pipeline closes
};

using StreamElement = std::variant<RecordBatch, Watermark, CheckpointBarrier>;

}  // namespace sluice
