// ProgressLine: one line a second on standard error while a pipeline runs in the foreground: rate,
// lag, watermark, checkpoint age. Runs a thread of its own from construction to destruction.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "pipeline/pipeline.hpp"

namespace sluice {

class ProgressLine {
 public:
  ProgressLine(const Pipeline& pipeline, const Clock& clock, bool is_shown);
  ~ProgressLine();

 private:
  void loop();
  void print(const PipelineStatus& status, uint64_t records_before) const;

  const Pipeline& pipeline_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable condition_;
  bool finished_ = false;
  std::thread thread_;
};

}  // namespace sluice
