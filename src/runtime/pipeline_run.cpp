#include "runtime/pipeline_run.hpp"

#include <algorithm>
#include <chrono>

#include "base/caught_exception.hpp"
#include "runtime/counter_balance.hpp"
#include "runtime/dead_letter_writer.hpp"

namespace sluice {

namespace {

// How often the coordinating thread looks around when nothing wakes it.
constexpr auto look_interval = std::chrono::milliseconds(20);

Error timeout_of(const RunSettings& settings) {
  const int64_t timeout_ms = settings.checkpoint_timeout_us / 1000;
  return {ErrorCode::checkpoint_timeout,
          "not every task answered within " + std::to_string(timeout_ms) + " ms",
          Retry::later,
          {}};
}

std::vector<SavedSplit> splits_of(const std::optional<RestoredCheckpoint>& restored) {
  return restored ? restored->progress.splits : std::vector<SavedSplit>{};
}

}  // namespace

PipelineRun::PipelineRun(const StreamGraph& graph, const RunSettings& settings,
                         TaskEnvironment environment)
    : graph_(graph),
      settings_(settings),
      environment_(environment),
      coordinator_(*environment.coordinator),
      guard_(graph, splits_of(environment.coordinator->restored()),
             {environment.pipeline_id, settings.discover_interval_us},
             *environment.environment.clock),
      checkpoint_duration_(*environment.counters, "sluice_checkpoint_duration_seconds",
                           {{"pipeline", graph.pipeline}}) {
  environment_.listener = this;
  environment_.limits = settings.limits;
}

PipelineRun::~PipelineRun() { stop_workers(); }

Result<std::unique_ptr<PipelineRun>> PipelineRun::create(const StreamGraph& graph,
                                                         const RunSettings& settings,
                                                         TaskEnvironment environment) {
  std::unique_ptr<PipelineRun> run(new PipelineRun(graph, settings, environment));
  std::vector<Waker*> wakers;
  for (uint32_t slot = 0; slot < settings.parallelism; ++slot) {
    run->workers_.push_back(std::make_unique<Worker>([raw = run.get()] { raw->notify(); }));
    wakers.push_back(run->workers_.back().get());
  }
  SLUICE_ASSIGN(run->tasks_,
                TaskSet::build(graph, settings.parallelism, run->environment_, wakers));
  for (size_t i = 0; i < run->tasks_->size(); ++i) {
    run->workers_[run->tasks_->slot_of(i)]->add(run->tasks_->task(i));
  }
  run->snapshots_.resize(run->tasks_->size());
  begin_counting(*environment.counters);
  SLUICE_TRY(run->restore());
  count_restored(*environment.counters);
  SLUICE_TRY(run->start_sources());
  return run;
}

Status PipelineRun::restore() {
  SLUICE_TRY(tasks_->restore(coordinator_));
  int64_t next_emission_us = INT64_MAX;
  for (size_t i = 0; i < tasks_->size(); ++i)
    next_emission_us = std::min(next_emission_us, tasks_->task(i).next_emission_us());
  need_.note_next_emission(next_emission_us);
  return {};
}

Status PipelineRun::start_sources() {
  splits_ =
      std::make_unique<SplitAssigner>(graph_, settings_.parallelism, environment_.environment);
  SLUICE_ASSIGN(std::vector<SlotSplits> placed, splits_->assign_initial(coordinator_.restored()));
  expect_partitions(placed);
  // Also of tasks without splits: a source's first assign is here, where it may ask its server.
  std::map<std::pair<size_t, uint32_t>, std::vector<SplitStart>> by_task;
  for (size_t source = 0; source < graph_.sources.size(); ++source) {
    for (uint32_t slot = 0; slot < settings_.parallelism; ++slot) by_task[{source, slot}];
  }
  for (SlotSplits& splits : placed) {
    if (splits.start_may_move) need_.note_start_to_keep();
    auto& starts = by_task[{splits.source_input, splits.slot}];
    std::move(splits.splits.begin(), splits.splits.end(), std::back_inserter(starts));
  }
  for (auto& [key, starts] : by_task) {
    Task& task = tasks_->reader_task(key.first, key.second);
    SLUICE_TRY(task.assign_splits(key.first, std::move(starts)));
  }
  return environment_.environment.failpoints->hit(Failpoint::start_after_assign);
}

void PipelineRun::expect_partitions(const std::vector<SlotSplits>& placed) {
  size_t scan = 0;
  for (const StreamNode& node : graph_.nodes) {
    const auto* vertex = std::get_if<ScanVertex>(&node.node);
    if (vertex == nullptr) continue;
    size_t count = 0;
    for (const SlotSplits& splits : placed)
      count += splits.source_input == vertex->source_input ? splits.splits.size() : 0;
    tasks_->tracker().expect_partitions(scan++, count);
  }
}

void PipelineRun::on_snapshot(size_t task, TaskSnapshot snapshot) {
  {
    const std::lock_guard lock(mutex_);
    snapshots_[task] = std::move(snapshot);
    ++snapshot_count_;
  }
  condition_.notify_all();
}

void PipelineRun::notify() { condition_.notify_all(); }

void PipelineRun::request_stop() {
  {
    const std::lock_guard lock(mutex_);
    if (!stop_requested_)
      stop_deadline_us_ =
          environment_.environment.clock->monotonic_us() + settings_.stop_timeout_us;
    stop_requested_ = true;
  }
  condition_.notify_all();
}

RunStatus PipelineRun::status() const {
  RunStatus status;
  {
    const std::lock_guard lock(mutex_);
    status = status_;
  }
  for (size_t i = 0; i < tasks_->size(); ++i) {
    status.records_read += tasks_->task(i).records_read();
    status.lag_records += tasks_->task(i).lag();
  }
  status.watermark_us = tasks_->tracker().stands_at();
  for (const auto& worker : workers_) {
    status.slots.push_back({worker->busy_us(), worker->backpressured_us(), worker->idle_us()});
  }
  status.channels = tasks_->channel_fill();
  status.source_trouble = splits_->trouble();
  return status;
}

Result<RunEnd> PipelineRun::run() {
  const CheckpointSchedule schedule(environment_.pipeline_id, settings_.checkpoint_interval_us,
                                    environment_.environment.clock->monotonic_us());
  for (const auto& worker : workers_) worker->start();
  splits_->start_discovery(settings_.discover_interval_us);
  Result<RunEnd> end =
      catch_exceptions("the run's coordination", [&] { return coordinate(schedule); });
  stop_workers();
  guard_.close();
  if (const Status closed = tasks_->close(); !closed && end) return fail(closed.error());
  return end;
}

void PipelineRun::stop_workers() {
  for (const auto& worker : workers_) worker->stop();
}

std::optional<Error> PipelineRun::failure() const {
  for (const auto& worker : workers_) {
    if (auto failure = worker->failure()) return failure;
  }
  if (auto failure = splits_->failure()) return failure;
  return coordinator_.failure();
}

uint64_t PipelineRun::movements() const {
  uint64_t movements = 0;
  for (size_t i = 0; i < tasks_->size(); ++i) movements += tasks_->task(i).movements();
  return movements;
}

bool PipelineRun::at_end() const {
  WatermarkTracker& tracker = tasks_->tracker();
  if (tracker.all_finished()) return true;
  return settings_.until_end && tracker.all_reached_end();
}

Result<RunEnd> PipelineRun::coordinate(CheckpointSchedule schedule) {
  const Clock& clock = *environment_.environment.clock;
  while (true) {
    bool stop = false;
    {
      std::unique_lock lock(mutex_);
      condition_.wait_for(lock, look_interval, [this] { return stop_requested_; });
      stop = stop_requested_;
    }
    if (auto error = failure()) return fail(std::move(*error));
    if (stop) return finish_within_limit(RunEnd::stopped);
    const bool is_at_end = at_end();
    if (environment_.dead_letter_limit->is_exceeded()) {
      request_stop();  // as a stop, for the time that publishing them may take
      return finish_within_limit(RunEnd::stopped);
    }
    if (is_at_end) {
      const bool closes = settings_.close || tasks_->tracker().all_finished();
      return finish_within_limit(closes ? RunEnd::closed : RunEnd::reached_end);
    }
    SLUICE_TRY(assign_new_splits());
    // Not while it is known that there would be no answer.
    if (!splits_->trouble() && guard_.look()) need_.note_doubt();
    const bool is_due = need_.is_urgent() || schedule.is_due(clock.monotonic_us());
    if (!is_due || !coordinator_.may_begin()) continue;
    schedule.begin(clock.monotonic_us());
    std::vector<DeadLetter> rejects = coordinator_.take_rejects();
    if (rejects.empty() && !need_.is_needed(movements(), clock.now_us())) continue;
    if (!rejects.empty()) tasks_->task(0).post_dead_letters(std::move(rejects));
    SLUICE_TRY(checkpoint(std::nullopt));
  }
}

Status PipelineRun::assign_new_splits() {
  for (SlotSplits& splits : splits_->take_new()) {
    tasks_->reader_task(splits.source_input, splits.slot)
        .post_splits(splits.source_input, std::move(splits.splits));
    workers_[splits.slot]->wake();
  }
  return {};
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
  std::vector<TaskPart> parts;
  SavedProgress progress;
  int64_t next_emission_us = INT64_MAX;
  {
    const std::lock_guard lock(mutex_);
    for (std::optional<TaskSnapshot>& snapshot : snapshots_) {
      next_emission_us = std::min(next_emission_us, snapshot->next_emission_us);
      std::vector<SavedSplit>& splits = snapshot->part.splits;
      std::move(splits.begin(), splits.end(), std::back_inserter(progress.splits));
      for (const auto& [scan, watermark_us] : snapshot->sent_watermarks) {
        const auto [entry, is_new] = progress.issued_watermarks.emplace(scan, watermark_us);
        if (!is_new) entry->second = std::min(entry->second, watermark_us);
      }
      parts.push_back(std::move(snapshot->part));
    }
  }
  SLUICE_TRY(guard_.confirm(progress.splits));
  SLUICE_TRY(coordinator_.complete(std::move(parts), progress, closes));
  guard_.report(progress.splits);
  need_.complete();
  need_.note_next_emission(next_emission_us);
  return {};
}

Result<RunEnd> PipelineRun::finish_within_limit(RunEnd end) {
  Result<RunEnd> finished = finish(end);
  const DeadLetterLimit& limit = *environment_.dead_letter_limit;
  if (!limit.is_exceeded()) return finished;
  return fail(finished ? limit.error() : limit.error_of_unpublished(finished.error()));
}

Result<RunEnd> PipelineRun::leave_to_the_next_start(RunEnd end, const char* why) {
  if (end == RunEnd::closed) return fail_retriable(ErrorCode::publish_failed, why);
  environment_.environment.log->warning(why);
  return end;
}

Result<RunEnd> PipelineRun::finish(RunEnd end) {
  const Environment& environment = environment_.environment;
  int64_t deadline_us = environment.clock->monotonic_us() + settings_.stop_timeout_us;
  if (end == RunEnd::stopped) {
    const std::lock_guard lock(mutex_);
    deadline_us = stop_deadline_us_;
  }
  for (size_t i = 0; i < tasks_->size(); ++i) tasks_->task(i).stop_sources();
  if (end == RunEnd::closed) tasks_->tracker().close();
  while (!coordinator_.may_begin() && environment.clock->monotonic_us() < deadline_us) {
    if (auto error = failure()) return fail(std::move(*error));
    std::unique_lock lock(mutex_);
    condition_.wait_for(lock, look_interval);
  }
  if (!coordinator_.may_begin() || environment.clock->monotonic_us() > deadline_us) {
    return leave_to_the_next_start(
        end,
        "stopped without a final checkpoint: a target has not taken its epochs, or a step its "
        "records, in time");
  }
  // Rejects of the last epochs become dead letters too, so that a stop leaves nothing to tell.
  do {
    std::vector<DeadLetter> rejects = coordinator_.take_rejects();
    if (!rejects.empty()) tasks_->task(0).post_dead_letters(std::move(rejects));
    SLUICE_ASSIGN(const bool completed, checkpoint(end));
    if (!completed || !coordinator_.wait_published(deadline_us)) {
      if (auto error = failure()) return fail(std::move(*error));
      return leave_to_the_next_start(
          end, "stopped before everything was published; the next start publishes it");
    }
  } while (coordinator_.has_rejects());
  return end;
}

}  // namespace sluice
