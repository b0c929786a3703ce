#include "cli/progress_line.hpp"

#include <chrono>
#include <cinttypes>
#include <cstdio>

#include "values/value_text.hpp"

namespace sluice {

namespace {

constexpr int64_t longest_silence_us = 60'000'000;

}  // namespace

bool ProgressLine::Progress::differs_from(const Progress& other) const {
  return records_per_second > 0 || other.records_per_second > 0 || state != other.state ||
         lag_records != other.lag_records || watermark != other.watermark;
}

ProgressLine::Progress ProgressLine::progress_of(const PipelineStatus& status,
                                                 uint64_t records_before, int64_t monotonic_us) {
  const RunStatus& run = status.run;
  const uint64_t read = run.records_read;
  Progress progress;
  progress.state = pipeline_state_text(status.state);
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
std::vector<LogField> ProgressLine::fields_of(const Progress& progress) {
  std::vector<LogField> fields{{"state", progress.state},
                               {"records_per_second", progress.records_per_second},
                               {"lag_records", progress.lag_records}};
  if (progress.watermark) fields.emplace_back("watermark", *progress.watermark);
  if (progress.checkpoint_age_s)
    fields.emplace_back("checkpoint_age_s", *progress.checkpoint_age_s);
  return fields;
}

void ProgressLine::print(const Progress& progress, const std::string& cause) {
  char age[32] = "-";
  if (progress.checkpoint_age_s)
    std::snprintf(age, sizeof(age), "%.1fs", *progress.checkpoint_age_s);
  std::fprintf(
      stderr,
      "%-10s %9" PRIu64 " records/s  lag %" PRId64 "  watermark %s  checkpoint %s ago%s%s\n",
      progress.state.c_str(), progress.records_per_second, progress.lag_records,
      progress.watermark.value_or("-").c_str(), age, cause.empty() ? "" : "  ", cause.c_str());
}

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
  std::unique_lock lock(mutex_);
  while (!condition_.wait_for(lock, std::chrono::seconds(1), [this] { return finished_; })) {
    look(pipeline_.status());
  }
}

void ProgressLine::look(const PipelineStatus& status) {
  const int64_t now_us = environment_.clock->monotonic_us();
  const Progress progress = progress_of(status, records_before_, now_us);
  records_before_ = status.run.records_read;
  const bool is_news = shown_ == Shown::as_text || !shown_last_ ||
                       progress.differs_from(*shown_last_) ||
                       now_us - shown_last_us_ >= longest_silence_us;
  if (!is_news) return;
  show(progress, status.cause);
  shown_last_ = progress;
  shown_last_us_ = now_us;
}

void ProgressLine::show(const Progress& progress, const std::string& cause) const {
  if (shown_ == Shown::as_text) return print(progress, cause);
  std::vector<LogField> fields{{"pipeline", pipeline_.name()}};
  for (LogField& field : fields_of(progress)) fields.push_back(std::move(field));
  if (!cause.empty()) fields.emplace_back("cause", cause);
  environment_.log->write(LogLevel::info, "progress", fields);
}

}  // namespace sluice
