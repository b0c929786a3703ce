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
  // Also those that no task has asked about since the start.
  for (Scan& each : scans_) settle(each);
  // All partitions that wake from now on start there, too.
  if (scan.idle) scan.issued_us = std::max(scan.issued_us, pipeline_time_us());
  partition.idle = false;
  partition.needs_raise = false;
  scan.idle = false;
  if (scan.issued_us == INT64_MIN) return std::nullopt;
  partition.watermark_us = std::max(partition.watermark_us, scan.issued_us);
  return scan.issued_us;
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

void WatermarkTracker::update_idleness(Scan& scan) const {
  const int64_t now_us = clock_.monotonic_us();
  for (Partition& partition : scan.partitions) {
    if (partition.idle || partition.finished || !partition.at_end) continue;
    partition.idle = now_us - partition.last_active_us >= scan.settings.idle_after_us;
  }
}

void WatermarkTracker::settle(Scan& scan) {
  if (!scan.is_complete() || scan.partitions.empty()) return;
  bool all_finished = true;
  bool all_idle = true;
  int64_t slowest_us = INT64_MAX;
  int64_t furthest_us = INT64_MIN;
  for (const Partition& partition : scan.partitions) {
    furthest_us = std::max(furthest_us, partition.watermark_us);
    if (partition.finished) continue;
    all_finished = false;
    if (partition.idle) continue;
    all_idle = false;
    slowest_us = std::min(slowest_us, partition.watermark_us);
  }
  scan.finished = all_finished;
  if (!scan.settings.has_event_time) return;
  scan.idle = all_idle;
  scan.issued_us = std::max(scan.issued_us, all_idle ? furthest_us : slowest_us);
}

std::optional<Watermark> WatermarkTracker::watermark_of(const Scan& scan) const {
  if (closed_ || scan.finished) return Watermark::final();
  if (!scan.is_complete()) return std::nullopt;
  if (!scan.settings.has_event_time) return Watermark::idle();
  if (scan.idle) return Watermark::idle();
  if (scan.issued_us == INT64_MIN) return std::nullopt;
  return Watermark::at(scan.issued_us);
}

int64_t WatermarkTracker::pipeline_time_us() const {
  bool all_idle = true;
  int64_t slowest_us = INT64_MAX;
  int64_t furthest_us = INT64_MIN;
  for (const Scan& scan : scans_) {
    if (!scan.settings.has_event_time) continue;
    furthest_us = std::max(furthest_us, scan.issued_us);
    if (scan.idle) continue;
    all_idle = false;
    slowest_us = std::min(slowest_us, scan.issued_us);
  }
  return all_idle ? furthest_us : slowest_us;
}

std::optional<Watermark> WatermarkTracker::current(size_t scan_index) {
  const std::lock_guard lock(mutex_);
  Scan& scan = scans_[scan_index];
  update_idleness(scan);
  settle(scan);
  return watermark_of(scan);
}

std::optional<int64_t> WatermarkTracker::issued(size_t scan) const {
  const std::lock_guard lock(mutex_);
  const int64_t issued_us = scans_[scan].issued_us;
  return issued_us == INT64_MIN ? std::nullopt : std::optional(issued_us);
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

std::optional<int64_t> WatermarkTracker::stands_at() const {
  const std::lock_guard lock(mutex_);
  const int64_t time_us = pipeline_time_us();
  return time_us == INT64_MIN ? std::nullopt : std::optional(time_us);
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
