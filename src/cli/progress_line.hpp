// ProgressLine: one line a second on standard error while a pipeline runs in the foreground: rate,
// lag, watermark, checkpoint age. As text on a terminal; elsewhere as a line of the log, so that
// what reads the log reads one format. Runs a thread of its own from construction to destruction.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "pipeline/pipeline.hpp"

namespace sluice {

class ProgressLine {
 public:
  enum class Shown : uint8_t { no, as_text, in_log };
  ProgressLine(const Pipeline& pipeline, const Environment& environment, Shown shown);
  ~ProgressLine();

 private:
  void loop();
  void show(const PipelineStatus& status, uint64_t records_before) const;

  const Pipeline& pipeline_;
  const Environment environment_;
  const Shown shown_;
  std::mutex mutex_;
  std::condition_variable condition_;
  bool finished_ = false;
  std::thread thread_;
};

}  // namespace sluice
