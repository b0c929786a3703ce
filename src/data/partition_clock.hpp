// PartitionClock: event time of one partition of one source: its watermark is the largest event
// time less `out_of_order`. Decoders show it every record with a readable event time, also those
// that a pushed-down filter drops. Owned by the source's task, one thread; its state is part of the
// checkpoint.
#pragma once

#include <algorithm>
#include <cstdint>

#include "data/record_batch.hpp"

namespace sluice {

class PartitionClock {
 public:
  // Microseconds. A row further ahead of its record's timestamp than max_ahead is refused.
  struct Settings {
    int64_t out_of_order_us = 0;
    int64_t max_ahead_us = INT64_MAX;
  };
  // No event seen yet.
  static constexpr int64_t none = INT64_MIN;

  explicit PartitionClock(Settings settings, int64_t watermark_us = none)
      : settings_(settings), watermark_us_(watermark_us) {}

  bool is_too_far_ahead(int64_t event_time_us, int64_t record_time_us) const {
    int64_t limit = 0;
    if (__builtin_add_overflow(record_time_us, settings_.max_ahead_us, &limit)) return false;
    return event_time_us > limit;
  }
  // Returns `seen` of the row: the watermark before it when the row is behind it, else not_behind.
  int64_t observe(int64_t event_time_us) {
    const int64_t before = watermark_us_;
    int64_t candidate = 0;
    if (__builtin_sub_overflow(event_time_us, settings_.out_of_order_us, &candidate))
      return not_behind;
    watermark_us_ = std::max(before, candidate);
    return event_time_us < before ? before : not_behind;
  }
  int64_t watermark_us() const { return watermark_us_; }
  // A partition that joins or wakes starts at the highest watermark issued.
  void raise_to(int64_t watermark_us) { watermark_us_ = std::max(watermark_us_, watermark_us); }

 private:
  Settings settings_;
  int64_t watermark_us_;
};

}  // namespace sluice
