#include "runtime/watermark_tracker.hpp"

#include <algorithm>

namespace sluice {

WatermarkTracker::WatermarkTracker(std::vector<ScanSettings> scans, const Clock& clock)
    : clock_(clock) {
  for (ScanSettings& settings : scans) scans_.push_back({.settings = std::move(settings)});
}

void WatermarkTracker::restore_issued(size_t scan, int64_t watermark_us) {
  const std::lock_guard lock(mutex_);
  scans_[scan].issued_us = watermark_us;
}

void WatermarkTracker::expect_partitions(size_t scan, size_t count) {
  const std::lock_guard lock(mutex_);
  scans_[scan].expected_partitions = count;
}

size_t WatermarkTracker::add_partition(size_t scan, int64_t watermark_us, bool is_idle) {
  const std::lock_guard lock(mutex_);
  Partition partition;
  partition.watermark_us = watermark_us;
  partition.idle = is_idle;
  partition.needs_raise = watermark_us == INT64_MIN;
  partition.last_active_us = clock_.monotonic_us();
  scans_[scan].partitions.push_back(partition);
  return scans_[scan].partitions.size() - 1;
}

std::optional<int64_t> WatermarkTracker::activate(size_t scan_index, size_t partition_index) {
  const std::lock_guard lock(mutex_);
  Scan& scan = scans_[scan_index];
  Partition& partition = scan.partitions[partition_index];
  partition.last_active_us = clock_.monotonic_us();
  partition.at_end = false;
  if (!partition.idle && !partition.needs_raise) return std::nullopt;
  const bool wakes_scan = scan.idle;
  partition.idle = false;
  partition.needs_raise = false;
  scan.idle = false;
  const int64_t floor_us =
      wakes_scan ? std::max(scan.issued_us, pipeline_issued_us_) : scan.issued_us;
  if (floor_us == INT64_MIN) return std::nullopt;
  partition.watermark_us = std::max(partition.watermark_us, floor_us);
  return floor_us;
}

void WatermarkTracker::report(size_t scan, size_t partition, int64_t watermark_us) {
  const std::lock_guard lock(mutex_);
  scans_[scan].partitions[partition].watermark_us = watermark_us;
}

void WatermarkTracker::reached_end(size_t scan, size_t partition) {
  const std::lock_guard lock(mutex_);
  scans_[scan].partitions[partition].at_end = true;
  scans_[scan].partitions[partition].reached_end = true;
}

void WatermarkTracker::finish(size_t scan, size_t partition) {
  const std::lock_guard lock(mutex_);
  scans_[scan].partitions[partition].finished = true;
}

void WatermarkTracker::update_idleness(Scan& scan) {
  const int64_t now_us = clock_.monotonic_us();
  for (Partition& partition : scan.partitions) {
    if (partition.idle || partition.finished || !partition.at_end) continue;
    partition.idle = now_us - partition.last_active_us >= scan.settings.idle_after_us;
  }
}

std::optional<Watermark> WatermarkTracker::combine(Scan& scan) {
  if (closed_) return Watermark::final();
  if (!scan.is_complete()) return std::nullopt;
  bool all_finished = !scan.partitions.empty();
  bool all_idle = true;
  bool is_known = true;
  int64_t minimum_us = INT64_MAX;
  for (const Partition& partition : scan.partitions) {
    if (partition.finished) continue;
    all_finished = false;
    if (partition.idle) continue;
    all_idle = false;
    is_known = is_known && partition.watermark_us != INT64_MIN;
    minimum_us = std::min(minimum_us, partition.watermark_us);
  }
  if (all_finished) return Watermark::final();
  if (!scan.settings.has_event_time) return Watermark::idle();
  scan.idle = all_idle && !scan.partitions.empty();
  if (scan.idle) return Watermark::idle();
  if (is_known && !all_idle) scan.issued_us = std::max(scan.issued_us, minimum_us);
  if (scan.issued_us == INT64_MIN) return std::nullopt;
  return Watermark::at(scan.issued_us);
}

std::optional<Watermark> WatermarkTracker::current(size_t scan_index) {
  const std::lock_guard lock(mutex_);
  Scan& scan = scans_[scan_index];
  update_idleness(scan);
  const std::optional<Watermark> watermark = combine(scan);
  int64_t pipeline_us = INT64_MAX;
  for (const Scan& other : scans_) {
    if (other.settings.has_event_time && !other.idle)
      pipeline_us = std::min(pipeline_us, other.issued_us);
  }
  if (pipeline_us != INT64_MAX) pipeline_issued_us_ = std::max(pipeline_issued_us_, pipeline_us);
  return watermark;
}

bool WatermarkTracker::is_idle(size_t scan, size_t partition) const {
  const std::lock_guard lock(mutex_);
  return scans_[scan].partitions[partition].idle;
}

bool WatermarkTracker::is_held(size_t scan_index, size_t partition_index) const {
  const std::lock_guard lock(mutex_);
  if (!scans_[scan_index].settings.has_event_time) return false;
  const int64_t own_us = scans_[scan_index].partitions[partition_index].watermark_us;
  if (own_us == INT64_MIN) return false;
  for (const Scan& scan : scans_) {
    if (!scan.settings.has_event_time) continue;
    for (const Partition& partition : scan.partitions) {
      const bool catches_up = !partition.at_end && !partition.finished && !partition.idle;
      if (!catches_up || partition.watermark_us == INT64_MIN) continue;
      if (own_us - max_drift_us > partition.watermark_us) return true;
    }
  }
  return false;
}

std::optional<int64_t> WatermarkTracker::lowest_issued() const {
  const std::lock_guard lock(mutex_);
  int64_t lowest_us = INT64_MAX;
  for (const Scan& scan : scans_) {
    if (scan.settings.has_event_time && !scan.idle) lowest_us = std::min(lowest_us, scan.issued_us);
  }
  if (lowest_us == INT64_MAX || lowest_us == INT64_MIN) return std::nullopt;
  return lowest_us;
}

bool WatermarkTracker::all_finished() const {
  const std::lock_guard lock(mutex_);
  for (const Scan& scan : scans_) {
    if (!scan.is_complete()) return false;
    for (const Partition& partition : scan.partitions) {
      if (!partition.finished) return false;
    }
  }
  return true;
}

bool WatermarkTracker::all_reached_end() const {
  const std::lock_guard lock(mutex_);
  for (const Scan& scan : scans_) {
    if (!scan.is_complete()) return false;
    for (const Partition& partition : scan.partitions) {
      if (!partition.finished && !partition.reached_end) return false;
    }
  }
  return true;
}

void WatermarkTracker::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

}  // namespace sluice
