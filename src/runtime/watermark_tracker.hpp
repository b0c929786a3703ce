// WatermarkTracker: event time of one pipeline: decides the watermark and the idleness of every
// scan from the progress that tasks report for their partitions, so that every task of a source
// sends the same watermark. Owned by the run, thread-safe, never fails.
//
// A scan's watermark is the minimum over its partitions that are neither idle nor finished. A
// partition is idle when its end was reached and nothing came for idle_after. When none is left,
// the scan is idle and stands at the furthest of them, whichever fell quiet first. The pipeline
// stands at the slowest scan that is not idle, or, when all are, at the furthest. A partition that
// wakes, or is added, starts where its scan stands; one that wakes an idle scan, where the pipeline
// does. All of that follows from what a checkpoint holds: the partitions' clocks and idleness and
// the watermarks issued.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "data/stream_element.hpp"
#include "env/clock.hpp"

namespace sluice {

class WatermarkTracker {
 public:
  struct ScanSettings {
    std::string name;
    bool has_event_time = false;
    int64_t idle_after_us = INT64_MAX;
  };
  // How far a partition may run ahead of the slowest one that is still catching up.
  static constexpr int64_t max_drift_us = 300'000'000;

  WatermarkTracker(std::vector<ScanSettings> scans, const Clock& clock);

  // The highest watermark issued before the restored checkpoint. Before any partition is added.
  void restore_issued(size_t scan, int64_t watermark_us);
  // How many partitions the scan has at start. Until its tasks have added all of them it says
  // nothing and is not at its end: a quick task must not run ahead of a slow one's partitions.
  void expect_partitions(size_t scan, size_t count);
  // Returns the partition's number within the scan. `watermark_us` INT64_MIN: no event seen yet.
  size_t add_partition(size_t scan, int64_t watermark_us, bool is_idle);

  // Records of the partition are about to be decoded. Returns what its clock must be raised to
  // first, if it was idle or new.
  std::optional<int64_t> activate(size_t scan, size_t partition);
  void report(size_t scan, size_t partition, int64_t watermark_us);
  void reached_end(size_t scan, size_t partition);
  void finish(size_t scan, size_t partition);

  // What the scan's tasks must send now; none before the first event. Of an idle scan, what it has
  // issued comes before it.
  std::optional<Watermark> current(size_t scan);
  // Where the scan stands; none before the first event.
  std::optional<int64_t> issued(size_t scan) const;
  bool is_idle(size_t scan, size_t partition) const;
  // True when the partition is so far ahead of one that still has records to read that it should
  // wait.
  bool is_held(size_t scan, size_t partition) const;
  // Where the pipeline stands; none before every scan with event time has issued a watermark.
  std::optional<int64_t> stands_at() const;
  bool all_finished() const;
  // Every partition has reached its end at least once, or is finished.
  bool all_reached_end() const;
  // From now on every scan is final: the pipeline closes.
  void close();

 private:
  struct Partition {
    int64_t watermark_us = INT64_MIN;
    int64_t last_active_us = 0;  // monotonic
    bool at_end = false;
    bool reached_end = false;
    bool idle = false;
    bool finished = false;
    bool needs_raise = false;
  };
  struct Scan {
    ScanSettings settings;
    std::vector<Partition> partitions;
    size_t expected_partitions = 0;
    bool is_complete() const { return partitions.size() >= expected_partitions; }
    int64_t issued_us = INT64_MIN;
    bool idle = false;  // or finished
    bool finished = false;
  };
  void update_idleness(Scan& scan) const;
  // Finds from the scan's partitions whether it is idle and where it stands.
  static void settle(Scan& scan);
  std::optional<Watermark> watermark_of(const Scan& scan) const;
  // INT64_MIN: nowhere yet.
  int64_t pipeline_time_us() const;

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<Scan> scans_;
  bool closed_ = false;
};

}  // namespace sluice
