#include "pipeline/stepped_tasks.hpp"

#include <iterator>
#include <map>

#include "pipeline/plan_description.hpp"
#include "runtime/collected_snapshots.hpp"
#include "runtime/graph_targets.hpp"
#include "runtime/split_assigner.hpp"

namespace sluice {

SteppedTasks::SteppedTasks(const PreparedPipeline& prepared, const Environment& environment,
                           Settings settings, DeadLetterLimit& dead_letters)
    : prepared_(prepared),
      environment_(environment),
      settings_(std::move(settings)),
      dead_letters_(dead_letters),
      memory_(static_cast<uint64_t>(prepared.spec().settings.state_budget_bytes)) {}

SteppedTasks::~SteppedTasks() { drop(); }

Status SteppedTasks::start(uint32_t parallelism) {
  CheckpointSettings settings;
  settings.folder = "state/" + settings_.pipeline_id;
  settings.pipeline_id = settings_.pipeline_id;
  describe_plan(prepared_, settings);
  settings.full_snapshot_every = settings_.full_snapshot_every;
  settings.publish_in_background = false;
  SLUICE_ASSIGN(coordinator_,
                CheckpointCoordinator::open(std::move(settings),
                                            checkpoint_targets(prepared_.graph, environment_),
                                            environment_, counters_, memory_));
  const TaskEnvironment environment{.environment = environment_,
                                    .memory = &memory_,
                                    .counters = &counters_,
                                    .zone = &prepared_.zone,
                                    .coordinator = coordinator_.get(),
                                    .dead_letter_limit = &dead_letters_,
                                    .listener = this,
                                    .pipeline_id = settings_.pipeline_id};
  const std::vector<Waker*> wakers(parallelism, this);
  SLUICE_ASSIGN(tasks_, TaskSet::build(prepared_.graph, parallelism, environment, wakers));
  SLUICE_TRY(tasks_->restore(*coordinator_));
  return assign_splits(parallelism);
}

Status SteppedTasks::assign_splits(uint32_t parallelism) {
  SplitAssigner assigner(prepared_.graph, parallelism, environment_);
  SLUICE_ASSIGN(std::vector<SlotSplits> placed, assigner.assign_initial(coordinator_->restored()));
  std::map<std::pair<size_t, uint32_t>, std::vector<SplitStart>> by_task;
  for (SlotSplits& splits : placed) {
    auto& starts = by_task[{splits.source_input, splits.slot}];
    std::move(splits.splits.begin(), splits.splits.end(), std::back_inserter(starts));
  }
  for (auto& [place, starts] : by_task) {
    SLUICE_TRY(tasks_->reader_task(place.first, place.second)
                   .assign_splits(place.first, std::move(starts)));
  }
  return {};
}

void SteppedTasks::drop() {
  tasks_.reset();
  if (coordinator_) coordinator_->stop();
  coordinator_.reset();
}

Status SteppedTasks::run_until_quiet() {
  bool has_worked = true;
  while (has_worked) {
    has_worked = false;
    for (size_t i = 0; i < tasks_->size(); ++i) {
      SLUICE_ASSIGN(const Task::Step step, tasks_->task(i).step());
      has_worked = has_worked || step == Task::Step::worked;
    }
  }
  return {};
}

void SteppedTasks::on_snapshot(size_t, TaskSnapshot snapshot) {
  snapshots_.push_back(std::move(snapshot));
}

Status SteppedTasks::checkpoint(bool closes, const std::function<Status()>& pass) {
  snapshots_.clear();
  const CheckpointBarrier barrier{coordinator_->current_epoch(), environment_.clock->now_us(),
                                  closes};
  SLUICE_TRY(coordinator_->begin());
  for (size_t i = 0; i < tasks_->size(); ++i) {
    if (tasks_->task(i).has_sources()) tasks_->task(i).post_barrier(barrier);
  }
  SLUICE_TRY(pass());
  if (!has_passed()) return fail(ErrorCode::internal, "a task has not passed the barrier");
  CollectedSnapshots collected = collect_snapshots(std::move(snapshots_));
  SLUICE_TRY(coordinator_->complete(std::move(collected.parts), collected.progress, closes));
  if (coordinator_->wait_published(environment_.clock->monotonic_us())) return {};
  return fail(ErrorCode::publish_failed, "an epoch was not published");
}

void SteppedTasks::advance_watermark(int64_t watermark_us) {
  size_t scan = 0;
  for (const StreamNode& node : prepared_.graph.nodes) {
    const auto* vertex = std::get_if<ScanVertex>(&node.node);
    if (vertex == nullptr) continue;
    if (vertex->has_event_time) tasks_->tracker().report(scan, 0, watermark_us);
    ++scan;
  }
}

void SteppedTasks::stop_sources() {
  for (size_t i = 0; i < tasks_->size(); ++i) tasks_->task(i).stop_sources();
  tasks_->tracker().close();
}

}  // namespace sluice
