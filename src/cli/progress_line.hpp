// ProgressLine: one line a second on standard error while a pipeline runs in the foreground: rate,
// lag, watermark, checkpoint age. As text on a terminal; elsewhere as a line of the log, so that
// what reads the log reads one format, and while nothing moves only once a minute. Runs a thread of
// its own from construction to destruction.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/pipeline.hpp"

namespace sluice {

class ProgressLine {
 public:
  enum class Shown : uint8_t { no, as_text, in_log };
  ProgressLine(const Pipeline& pipeline, const Environment& environment, Shown shown);
  ~ProgressLine();

 private:
  struct Progress {
    std::string state;
    uint64_t records_per_second = 0;
    int64_t lag_records = 0;
    std::optional<std::string> watermark;
    std::optional<double> checkpoint_age_s;  // in tenths

    // Whether it says more than that time went by.
    bool differs_from(const Progress& other) const;
  };

  static Progress progress_of(const PipelineStatus& status, uint64_t records_before,
                              int64_t monotonic_us);
  static std::vector<LogField> fields_of(const Progress& progress);
  static void print(const Progress& progress, const std::string& cause);
  void loop();
  void look(const PipelineStatus& status);
  void show(const Progress& progress, const std::string& cause) const;

  const Pipeline& pipeline_;
  const Environment environment_;
  const Shown shown_;
  std::mutex mutex_;
  std::condition_variable condition_;
  bool finished_ = false;
  uint64_t records_before_ = 0;  // the thread's own, as is what follows
  std::optional<Progress> shown_last_;
  int64_t shown_last_us_ = 0;
  std::thread thread_;
};

}  // namespace sluice
