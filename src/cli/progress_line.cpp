#include "cli/progress_line.hpp"

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <optional>

#include "data/text_io.hpp"

namespace sluice {

namespace {

struct Progress {
  uint64_t records_per_second = 0;
  int64_t lag_records = 0;
  std::optional<std::string> watermark;
  std::optional<double> checkpoint_age_s;  // in tenths
};

Progress progress_of(const RunStatus& run, uint64_t records_before, int64_t monotonic_us) {
  const uint64_t read = run.records_read;
  Progress progress;
  // A new run counts from 0.
  progress.records_per_second = read >= records_before ? read - records_before : read;
  progress.lag_records = run.lag_records;
  if (run.watermark_us && *run.watermark_us != INT64_MAX)
    format_timestamptz(*run.watermark_us, TimeZone(), progress.watermark.emplace());
  if (run.last_checkpoint_monotonic_us > 0) {
    const int64_t tenths = (monotonic_us - run.last_checkpoint_monotonic_us) / 100'000;
    progress.checkpoint_age_s = static_cast<double>(tenths) / 10;
  }
  return progress;
}

// What is not known is left out.
std::vector<LogField> fields_of(const Progress& progress) {
  std::vector<LogField> fields{{"records_per_second", progress.records_per_second},
                               {"lag_records", progress.lag_records}};
  if (progress.watermark) fields.emplace_back("watermark", *progress.watermark);
  if (progress.checkpoint_age_s)
    fields.emplace_back("checkpoint_age_s", *progress.checkpoint_age_s);
  return fields;
}

void print(const char* state, const Progress& progress, const std::string& cause) {
  char age[32] = "-";
  if (progress.checkpoint_age_s)
    std::snprintf(age, sizeof(age), "%.1fs", *progress.checkpoint_age_s);
  std::fprintf(
      stderr,
      "%-10s %9" PRIu64 " records/s  lag %" PRId64 "  watermark %s  checkpoint %s ago%s%s\n", state,
      progress.records_per_second, progress.lag_records, progress.watermark.value_or("-").c_str(),
      age, cause.empty() ? "" : "  ", cause.c_str());
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
    std::vector<LogField> fields{{"pipeline", pipeline_.name()}, {"state", state}};
    for (LogField& field : fields_of(progress)) fields.push_back(std::move(field));
    if (!status.cause.empty()) fields.emplace_back("cause", status.cause);
    return environment_.log->write(LogLevel::info, "progress", fields);
  }
  print(state, progress, status.cause);
}

}  // namespace sluice
