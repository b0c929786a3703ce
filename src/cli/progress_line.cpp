#include "cli/progress_line.hpp"

#include <chrono>
#include <cstdio>

#include "data/text_io.hpp"

namespace sluice {

namespace {

struct Progress {
  std::string rate;
  std::string lag;
  std::string watermark = "-";
  std::string checkpoint_age = "-";
};

Progress progress_of(const RunStatus& run, uint64_t records_before, int64_t monotonic_us) {
  const uint64_t read = run.records_read;
  Progress progress;
  // A new run counts from 0.
  progress.rate = std::to_string(read >= records_before ? read - records_before : read);
  progress.lag = std::to_string(run.lag_records);
  if (run.watermark_us && *run.watermark_us != INT64_MAX) {
    progress.watermark.clear();
    format_timestamptz(*run.watermark_us, TimeZone(), progress.watermark);
  }
  if (run.last_checkpoint_monotonic_us > 0) {
    const int64_t tenths = (monotonic_us - run.last_checkpoint_monotonic_us) / 100'000;
    progress.checkpoint_age = std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "s";
  }
  return progress;
}

}  // namespace

ProgressLine::ProgressLine(const Pipeline& pipeline, const Environment& environment, Shown shown)
    : pipeline_(pipeline), environment_(environment), shown_(shown) {
  if (shown != Shown::no) thread_ = std::thread([this] { loop(); });
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
    show(status, records_before);
    records_before = status.run.records_read;
  }
}

void ProgressLine::show(const PipelineStatus& status, uint64_t records_before) const {
  const Progress progress =
      progress_of(status.run, records_before, environment_.clock->monotonic_us());
  const char* state = pipeline_state_text(status.state);
  if (shown_ == Shown::in_log) {
    std::vector<LogField> fields{
        {"pipeline", pipeline_.name()},        {"state", state},
        {"records_per_second", progress.rate}, {"lag", progress.lag},
        {"watermark", progress.watermark},     {"checkpoint_age", progress.checkpoint_age}};
    if (!status.cause.empty()) fields.emplace_back("cause", status.cause);
    return environment_.log->write(LogLevel::info, "progress", fields);
  }
  std::fprintf(stderr, "%-10s %9s records/s  lag %s  watermark %s  checkpoint %s ago%s%s\n", state,
               progress.rate.c_str(), progress.lag.c_str(), progress.watermark.c_str(),
               progress.checkpoint_age.c_str(), status.cause.empty() ? "" : "  ",
               status.cause.c_str());
}

}  // namespace sluice
