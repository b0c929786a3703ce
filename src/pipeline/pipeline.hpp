// Pipeline: one pipeline's life: run after run from the last checkpoint until it is stopped, ends,
// or fails for good. A thread of its own runs it; the rest may be called from any thread. Its
// failure touches no other pipeline: it has its own tasks, budget and retries, and an exception in
// one of its threads is its failure alone.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "checkpoint/checkpoint_coordinator.hpp"
#include "env/counters.hpp"
#include "pipeline/prepare.hpp"
#include "pipeline/restart_policy.hpp"
#include "runtime/pipeline_run.hpp"

namespace sluice {

struct PipelineSettings {
  std::string state_dir;
  std::string name_space = "sluice";
  RunSettings run;
  bool fail_on_first_error =
      false;  // a run in the foreground: tell the user at once instead of trying again
  uint32_t full_snapshot_every = 16;
};

enum class PipelineState : uint8_t {
  starting,
  running,
  degraded,
  restarting,
  stopping,
  stopped,
  finished,
  failed
};
const char* pipeline_state_text(PipelineState state);

struct PipelineStatus {
  PipelineState state = PipelineState::starting;
  std::string cause;  // of degraded, restarting and failed
  RunStatus run;
  std::vector<PublishHealth> targets;
  uint64_t restarts = 0;
  uint64_t state_memory_bytes = 0;
};

class Pipeline {
 public:
  Pipeline(std::shared_ptr<const PreparedPipeline> prepared, PipelineSettings settings,
           const Environment& environment);
  ~Pipeline();

  void start();
  // Stops sources, takes a final checkpoint, publishes; within stop_timeout.
  void request_stop();
  // Until stopped, finished or failed. The error of a failed pipeline.
  std::optional<Error> wait();
  // The same for `timeout_us` at most. False: it still runs.
  bool wait_for(int64_t timeout_us);

  const std::string& name() const { return prepared_->spec().name; }
  PipelineStatus status() const;
  const Counters& counters() const { return counters_; }
  const PreparedPipeline& prepared() const { return *prepared_; }
  // How the last run ended.
  RunEnd end() const { return end_; }

 private:
  void run_loop();
  Result<RunEnd> run_once();
  void drop_run();
  Status find_sources() const;
  void give_up(const Error& error);
  CheckpointSettings checkpoint_settings() const;
  std::vector<CheckpointTarget> checkpoint_targets() const;
  // Waits for that time of the monotonic clock, or a stop; true for a stop.
  bool wait_or_stop(int64_t until_us);
  void set_state(PipelineState state, std::string cause = {});
  void judge_health(PipelineStatus& status) const;

  std::shared_ptr<const PreparedPipeline> prepared_;
  PipelineSettings settings_;
  const std::unique_ptr<Log> log_;  // names the pipeline
  Environment environment_;
  Counters counters_;
  MemoryPool memory_;
  RestartPolicy restart_policy_;
  std::thread thread_;

  mutable std::mutex mutex_;
  std::condition_variable condition_;
  bool stop_requested_ = false;
  bool done_ = false;
  PipelineState state_ = PipelineState::starting;
  std::string cause_;
  std::optional<Error> failure_;
  uint64_t restarts_ = 0;
  bool completed_checkpoint_ = false;
  int64_t run_started_us_ = 0;
  RunEnd end_ = RunEnd::stopped;
  std::map<std::string, std::string> first_seen_;  // see CheckpointSettings
  std::unique_ptr<CheckpointCoordinator> coordinator_;
  std::unique_ptr<PipelineRun> run_;
};

}  // namespace sluice
