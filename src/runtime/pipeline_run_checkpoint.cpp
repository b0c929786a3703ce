// The checkpoints of a run, from the barrier to the decision (C1 to C3 of checkpoint/PROTOCOL.md).
#include <algorithm>

#include "runtime/collected_snapshots.hpp"
#include "runtime/pipeline_run.hpp"

namespace sluice {

namespace {

Error timeout_of(const RunSettings& settings) {
  const int64_t timeout_ms = settings.checkpoint_timeout_us / 1000;
  return {ErrorCode::checkpoint_timeout,
          "not every task answered within " + std::to_string(timeout_ms) + " ms",
          Retry::later,
          {}};
}

}  // namespace

void PipelineRun::on_snapshot(size_t task, TaskSnapshot snapshot) {
  {
    const std::lock_guard lock(mutex_);
    snapshots_[task] = std::move(snapshot);
    ++snapshot_count_;
  }
  condition_.notify_all();
}

void PipelineRun::inject(const CheckpointBarrier& barrier) {
  {
    const std::lock_guard lock(mutex_);
    std::fill(snapshots_.begin(), snapshots_.end(), std::nullopt);
    snapshot_count_ = 0;
  }
  // Before the barrier is in any task: what moves behind it counts for the next one.
  need_.begin(movements());
  for (size_t i = 0; i < tasks_->size(); ++i) {
    Task& task = tasks_->task(i);
    if (task.has_sources()) task.post_barrier(barrier);
  }
  for (const auto& worker : workers_) worker->wake();
}

bool PipelineRun::collect(Epoch epoch, int64_t deadline_us) {
  const Clock& clock = *environment_.environment.clock;
  std::unique_lock lock(mutex_);
  while (snapshot_count_ < snapshots_.size()) {
    condition_.wait_for(lock, look_interval);
    lock.unlock();
    const bool has_failed = failure().has_value();
    lock.lock();
    if (has_failed || clock.monotonic_us() > std::min(deadline_us, stop_deadline_us_)) return false;
  }
  return std::all_of(snapshots_.begin(), snapshots_.end(),
                     [&](const auto& snapshot) { return snapshot->part.epoch == epoch; });
}

Result<bool> PipelineRun::checkpoint(std::optional<RunEnd> end) {
  const Environment& environment = environment_.environment;
  SLUICE_TRY(environment.failpoints->hit(Failpoint::checkpoint_before_barrier));
  const Epoch epoch = coordinator_.current_epoch();
  const int64_t started_us = environment.clock->monotonic_us();
  SLUICE_TRY(coordinator_.begin());
  inject({epoch, environment.clock->now_us(), end.has_value()});
  SLUICE_TRY(environment.failpoints->hit(Failpoint::checkpoint_after_barrier));
  bool complete = collect(epoch, started_us + settings_.checkpoint_timeout_us);
  if (auto error = failure()) return fail(std::move(*error));
  if (!complete) {
    SLUICE_TRY(abandon(epoch));
    return false;
  }
  SLUICE_TRY(environment.failpoints->hit(Failpoint::checkpoint_after_acknowledgements));
  SLUICE_TRY(decide(end == RunEnd::closed));
  const int64_t decided_us = environment.clock->monotonic_us();
  checkpoint_duration_.observe_us(decided_us - started_us);
  const std::lock_guard lock(mutex_);
  ++status_.checkpoints_completed;
  status_.last_epoch = epoch;
  status_.last_checkpoint_monotonic_us = decided_us;
  return true;
}

// The next barrier must not overtake this one in a slow task. As long as the task does not let it
// pass, each further time limit counts as one more that is abandoned, so that the wait has an end.
Status PipelineRun::abandon(Epoch epoch) {
  const Clock& clock = *environment_.environment.clock;
  bool has_passed = false;
  bool is_stop_over = false;
  while (!has_passed && !is_stop_over) {
    environment_.environment.log->warning("a checkpoint is abandoned", timeout_of(settings_),
                                          {{"checkpoint", epoch.value}});
    note_abandoned();
    SLUICE_TRY(coordinator_.abandon());
    has_passed = collect(epoch, clock.monotonic_us() + settings_.checkpoint_timeout_us);
    if (auto error = failure()) return fail(std::move(*error));
    const std::lock_guard lock(mutex_);
    is_stop_over = clock.monotonic_us() > stop_deadline_us_;
  }
  const std::lock_guard lock(mutex_);
  status_.is_barrier_held_up = !has_passed;
  return {};
}

void PipelineRun::note_abandoned() {
  const std::lock_guard lock(mutex_);
  ++status_.checkpoints_abandoned;
  status_.is_barrier_held_up = true;
}

Status PipelineRun::decide(bool closes) {
  std::vector<TaskSnapshot> snapshots;
  {
    const std::lock_guard lock(mutex_);
    for (std::optional<TaskSnapshot>& snapshot : snapshots_)
      snapshots.push_back(std::move(*snapshot));
  }
  CollectedSnapshots collected = collect_snapshots(std::move(snapshots));
  const SavedProgress& progress = collected.progress;
  SLUICE_TRY(guard_.confirm(progress.splits));
  SLUICE_TRY(coordinator_.complete(std::move(collected.parts), progress, closes));
  guard_.report(progress.splits);
  need_.complete();
  need_.note_next_emission(collected.next_emission_us);
  return {};
}

}  // namespace sluice
