#include "cli/progress_line.hpp"

#include <chrono>
#include <cinttypes>
#include <cstdio>

#include "data/text_io.hpp"

namespace sluice {

ProgressLine::ProgressLine(const Pipeline& pipeline, const Clock& clock, bool is_shown)
    : pipeline_(pipeline), clock_(clock) {
  if (is_shown) thread_ = std::thread([this] { loop(); });
}

ProgressLine::~ProgressLine() {
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
  }
  condition_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ProgressLine::loop() {
  uint64_t records_before = 0;
  std::unique_lock lock(mutex_);
  while (!condition_.wait_for(lock, std::chrono::seconds(1), [this] { return finished_; })) {
    const PipelineStatus status = pipeline_.status();
    print(status, records_before);
    records_before = status.run.records_read;
  }
}

void ProgressLine::print(const PipelineStatus& status, uint64_t records_before) const {
  const uint64_t read = status.run.records_read;
  std::string watermark = "-";
  if (status.run.watermark_us && *status.run.watermark_us != INT64_MAX) {
    watermark.clear();
    format_timestamptz(*status.run.watermark_us, TimeZone(), watermark);
  }
  std::string age = "-";
  if (status.run.last_checkpoint_monotonic_us > 0) {
    const int64_t age_us = clock_.monotonic_us() - status.run.last_checkpoint_monotonic_us;
    age = std::to_string(age_us / 1'000'000) + "." + std::to_string(age_us / 100'000 % 10) + "s";
  }
  std::fprintf(
      stderr,
      "%-10s %9" PRIu64 " records/s  lag %" PRId64 "  watermark %s  checkpoint %s ago%s%s\n",
      pipeline_state_text(status.state), read >= records_before ? read - records_before : read,
      status.run.lag_records, watermark.c_str(), age.c_str(), status.cause.empty() ? "" : "  ",
      status.cause.c_str());
}

}  // namespace sluice
