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
#include "runtime/dead_letter_writer.hpp"
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
  bool is_held = false;          // see Pipeline::is_held
  std::string cause;             // of degraded, restarting and failed
  std::optional<Error> failure;  // of failed, but not of held
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
  // Until stopped, finished, failed or held. The error of a failed pipeline.
  std::optional<Error> wait();
  // The same for `timeout_us` at most. False: it still runs.
  bool wait_for(int64_t timeout_us);
  // Its run is over, and a thread of it has not come back from a call for longer than a stop and a
  // checkpoint may take. The pipeline has failed as long as that lasts: the thread still has what
  // its run had. If it comes back after all, the pipeline goes on as after any run that failed.
  // Nothing but the end of the process ends such a thread: the destructor waits for it.
  bool is_held() const;

  const std::string& name() const { return prepared_->spec().name; }
  PipelineStatus status() const;
  const Counters& counters() const { return counters_; }
  const PreparedPipeline& prepared() const { return *prepared_; }
  // How the last run ended.
  RunEnd end() const { return end_; }

 private:
  void run_loop();
  // Reads, until there is nothing more to read or to do; leaves the run's threads.
  Result<RunEnd> run_once();
  // Waits for them. Of what the run ended with, or an error of its end.
  Result<RunEnd> end_run(Result<RunEnd> end);
  void drop_run();
  Status find_sources() const;
  // Both with the lock held.
  bool is_held_now() const;
  Error held_error() const;
  void give_up(const Error& error);
  CheckpointSettings checkpoint_settings() const;
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
  std::optional<int64_t> run_ended_us_;  // while its threads end
  RunEnd end_ = RunEnd::stopped;
  std::map<std::string, std::string> first_seen_;  // see CheckpointSettings
  std::unique_ptr<CheckpointCoordinator> coordinator_;
  std::optional<DeadLetterLimit> dead_letter_limit_;  // of the run
  std::unique_ptr<PipelineRun> run_;
};

}  // namespace sluice
