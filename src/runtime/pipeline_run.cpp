#include "runtime/pipeline_run.hpp"

#include "base/caught_exception.hpp"
#include "env/metrics.hpp"
#include "runtime/counter_balance.hpp"
#include "runtime/dead_letter_writer.hpp"

namespace sluice {

namespace {

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
      checkpoint_duration_(*environment.counters, metrics::checkpoint_duration,
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

void PipelineRun::notify() {
  // Whoever has just looked waits by now.
  { const std::lock_guard lock(mutex_); }
  condition_.notify_all();
}

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
  return catch_exceptions("the run's coordination", [&] { return coordinate(schedule); });
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

}  // namespace sluice
