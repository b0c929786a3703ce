#include "pipeline/pipeline.hpp"

#include <algorithm>
#include <chrono>

#include "base/caught_exception.hpp"
#include "pipeline/plan_description.hpp"
#include "runtime/closed_run.hpp"
#include "runtime/graph_targets.hpp"

namespace sluice {

namespace {

// How often the clock is asked whether a restart is due, or a run's end overdue.
constexpr auto look_interval = std::chrono::milliseconds(20);

}  // namespace

const char* pipeline_state_text(PipelineState state) {
  constexpr const char* texts[] = {"STARTING", "RUNNING", "DEGRADED", "RESTARTING",
                                   "STOPPING", "STOPPED", "FINISHED", "FAILED"};
  return texts[static_cast<size_t>(state)];
}

Pipeline::Pipeline(std::shared_ptr<const PreparedPipeline> prepared, PipelineSettings settings,
                   const Environment& environment)
    : prepared_(std::move(prepared)),
      settings_(std::move(settings)),
      log_(make_pipeline_log(*environment.log, prepared_->spec().name)),
      environment_(environment),
      memory_(static_cast<uint64_t>(prepared_->spec().settings.state_budget_bytes)) {
  environment_.log = log_.get();
  const SettingsSpec& spec = prepared_->spec().settings;
  settings_.run.parallelism = static_cast<uint32_t>(spec.parallelism);
  settings_.run.checkpoint_interval_us = spec.checkpoint_interval_us;
  settings_.run.checkpoint_timeout_us = spec.checkpoint_timeout_us;
}

Pipeline::~Pipeline() {
  request_stop();
  if (thread_.joinable()) thread_.join();
}

void Pipeline::start() {
  thread_ = std::thread([this] {
    const Status ended = catch_exceptions("the pipeline", [this] { run_loop(); });
    if (!ended) give_up(ended.error());
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    condition_.notify_all();
  });
}

void Pipeline::request_stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_requested_ = true;
    if (run_) run_->request_stop();
  }
  condition_.notify_all();
}

std::optional<Error> Pipeline::wait() {
  constexpr int64_t second_us = 1'000'000;
  while (!wait_for(second_us)) continue;
  const std::lock_guard lock(mutex_);
  return is_held_now() ? held_error() : failure_;
}

bool Pipeline::wait_for(int64_t timeout_us) {
  std::chrono::microseconds left(timeout_us);
  std::unique_lock lock(mutex_);
  while (!done_ && !is_held_now() && left.count() > 0) {
    const auto pause = std::min<std::chrono::microseconds>(left, look_interval);
    condition_.wait_for(lock, pause, [this] { return done_; });
    left -= pause;
  }
  return done_ || is_held_now();
}

bool Pipeline::is_held() const {
  const std::lock_guard lock(mutex_);
  return is_held_now();
}

bool Pipeline::is_held_now() const {
  const int64_t limit_us =
      std::max(settings_.run.stop_timeout_us, settings_.run.checkpoint_timeout_us);
  return run_ended_us_ && environment_.clock->monotonic_us() - *run_ended_us_ > limit_us;
}

Error Pipeline::held_error() const {
  const std::string at = run_ ? run_->at_work() : std::string();
  return {ErrorCode::checkpoint_timeout,
          "the run is over, but a thread of it does not come back from a call: " +
              (at.empty() ? "of a target or a source" : at),
          Retry::never,
          "look for what it waits for, or end the process: the next start goes on from the last "
          "checkpoint"};
}

CheckpointSettings Pipeline::checkpoint_settings() const {
  const PipelineSpec& spec = prepared_->spec();
  CheckpointSettings settings;
  settings.pipeline_id = settings_.name_space + "." + spec.name;
  settings.folder = settings_.state_dir + "/" + settings.pipeline_id;
  describe_plan(*prepared_, settings);
  settings.retain_spools = static_cast<uint32_t>(spec.settings.retain_spools);
  settings.full_snapshot_every = settings_.full_snapshot_every;
  settings.exactly_once = spec.settings.delivery == Delivery::exactly_once;
  settings.before_taking = [this] { return find_sources(); };
  return settings;
}

Status Pipeline::find_sources() const {
  for (const SourceInput& source : prepared_->graph.sources) {
    if (auto found = source.description->discover(environment_); !found)
      return fail(std::move(found).error());
  }
  return {};
}

Result<RunEnd> Pipeline::run_once() {
  CheckpointSettings settings = checkpoint_settings();
  settings.first_seen = &first_seen_;
  SLUICE_ASSIGN(auto coordinator,
                CheckpointCoordinator::open(std::move(settings),
                                            checkpoint_targets(prepared_->graph, environment_),
                                            environment_, counters_, memory_));
  const ErrorsSpec& errors = prepared_->spec().errors;
  dead_letter_limit_.emplace(static_cast<uint64_t>(errors.stop_after_count),
                             errors.stop_after_within_us, *environment_.clock);
  const TaskEnvironment tasks{.environment = environment_,
                              .memory = &memory_,
                              .counters = &counters_,
                              .zone = &prepared_->zone,
                              .coordinator = coordinator.get(),
                              .dead_letter_limit = &*dead_letter_limit_,
                              .pipeline_id = settings_.name_space + "." + name()};
  if (coordinator->restored() && coordinator->restored()->closed) {
    environment_.log->info("the pipeline is finished: it reads nothing any more",
                           {{"pipeline", name()},
                            {"advice",
                             "to run it again, start afresh: remove its state folder, "
                             "its markers and what it wrote"}});
    const int64_t deadline_us = environment_.clock->monotonic_us() + settings_.run.stop_timeout_us;
    const Status finished = finish_closed(prepared_->graph, tasks, deadline_us);
    coordinator->stop();
    if (!finished) return fail(finished.error());
    return RunEnd::closed;
  }
  SLUICE_ASSIGN(auto run, PipelineRun::create(prepared_->graph, settings_.run, tasks));
  {
    const std::lock_guard lock(mutex_);
    coordinator_ = std::move(coordinator);
    run_ = std::move(run);
    run_started_us_ = environment_.clock->monotonic_us();
    if (stop_requested_) run_->request_stop();
  }
  set_state(PipelineState::running);
  return run_->run();
}

Result<RunEnd> Pipeline::end_run(Result<RunEnd> end) {
  if (!end) environment_.log->error("pipeline run failed", end.error());
  {
    const std::lock_guard lock(mutex_);
    run_ended_us_ = environment_.clock->monotonic_us();
  }
  if (run_) {
    const Status closed = catch_exceptions("the run's end", [this] { return run_->close(); });
    if (!closed && end) end = fail(closed.error());
    coordinator_->stop();
  }
  drop_run();
  const std::lock_guard lock(mutex_);
  run_ended_us_.reset();
  return end;
}

void Pipeline::drop_run() {
  // They die after the lock is free: their threads may still wait for a server, and status() must
  // not wait for them.
  std::unique_ptr<CheckpointCoordinator> ended_coordinator;
  std::unique_ptr<PipelineRun> ended_run;
  const std::lock_guard lock(mutex_);
  if (run_) completed_checkpoint_ = run_->status().checkpoints_completed > 0;
  ended_run.swap(run_);
  ended_coordinator.swap(coordinator_);
}

void Pipeline::give_up(const Error& error) {
  const std::lock_guard lock(mutex_);
  failure_ = error;
  state_ = PipelineState::failed;
  cause_ = error.final_text();
}

void Pipeline::run_loop() {
  while (true) {
    completed_checkpoint_ = false;
    const Result<RunEnd> end = end_run(catch_exceptions("the run", [this] { return run_once(); }));
    if (end) {
      end_ = *end;
      set_state(*end == RunEnd::stopped ? PipelineState::stopped : PipelineState::finished);
      return;
    }
    const Error& error = end.error();
    std::optional<int64_t> delay_us = restart_policy_.on_failure(error, completed_checkpoint_);
    if (settings_.fail_on_first_error && restarts_ == 0 && !completed_checkpoint_) delay_us.reset();
    if (!delay_us) return give_up(error);
    const int64_t restart_us = environment_.clock->monotonic_us() + *delay_us;
    set_state(PipelineState::restarting, error.final_text());
    if (wait_or_stop(restart_us)) {
      set_state(PipelineState::stopped, error.final_text());
      return;
    }
    const std::lock_guard lock(mutex_);
    ++restarts_;
  }
}

bool Pipeline::wait_or_stop(int64_t until_us) {
  std::unique_lock lock(mutex_);
  while (!stop_requested_ && environment_.clock->monotonic_us() < until_us)
    condition_.wait_for(lock, look_interval);
  return stop_requested_;
}

void Pipeline::set_state(PipelineState state, std::string cause) {
  const std::lock_guard lock(mutex_);
  state_ = state;
  cause_ = std::move(cause);
}

PipelineStatus Pipeline::status() const {
  const std::lock_guard lock(mutex_);
  PipelineStatus status;
  status.state = state_;
  status.cause = cause_;
  status.failure = failure_;
  status.restarts = restarts_;
  status.state_memory_bytes = memory_.used_bytes();
  if (run_) status.run = run_->status();
  if (coordinator_) status.targets = coordinator_->health();
  if (status.state == PipelineState::running) judge_health(status);
  if (stop_requested_ && !done_) status.state = PipelineState::stopping;
  if (is_held_now()) {
    status.is_held = true;
    status.state = PipelineState::failed;
    status.cause = held_error().final_text();
  }
  return status;
}

// Running means progressing: every target takes its epochs, every source's server answers, and when
// there is something to read or to publish the last checkpoint is young.
void Pipeline::judge_health(PipelineStatus& status) const {
  const auto degrade = [&status](std::string cause) {
    status.state = PipelineState::degraded;
    status.cause = std::move(cause);
  };
  for (const PublishHealth& target : status.targets) {
    if (target.last_error)
      return degrade("target " + target.target + ": " + target.last_error->final_text());
  }
  if (status.run.source_trouble)
    return degrade("source: " + status.run.source_trouble->final_text());
  const int64_t now_us = environment_.clock->monotonic_us();
  const int64_t age_us =
      now_us - std::max(run_started_us_, status.run.last_checkpoint_monotonic_us);
  const int64_t limit_us =
      settings_.run.checkpoint_timeout_us + settings_.run.checkpoint_interval_us;
  if (age_us <= limit_us) return;
  const std::string age = " for " + std::to_string(age_us / 1'000'000) + " s";
  for (const PublishHealth& target : status.targets) {
    if (target.unpublished_epochs == 0) continue;
    return degrade("target " + target.target + " has not taken its last " +
                   std::to_string(target.unpublished_epochs) + " epochs" + age);
  }
  if (status.run.is_barrier_held_up) {
    return degrade("no checkpoint" + age + ": a step does not come to an end of what it does");
  }
  if (status.run.lag_records > 0) degrade("no checkpoint" + age + " while records wait");
}

}  // namespace sluice
