#include "testing/test_run.hpp"

#include "pipeline/plan_description.hpp"
#include "runtime/dead_letter_writer.hpp"
#include "runtime/graph_targets.hpp"
#include "runtime/split_assigner.hpp"

namespace sluice {

TestRun::TestRun(const PreparedPipeline& prepared, int64_t now_us)
    : prepared_(prepared),
      clock_(now_us),
      log_(make_null_log()),
      environment_{&clock_, &filesystem_, &failpoints_, log_.get()},
      memory_(static_cast<uint64_t>(prepared.spec().settings.state_budget_bytes)),
      dead_letters_(static_cast<uint64_t>(prepared.spec().errors.stop_after_count),
                    prepared.spec().errors.stop_after_within_us, clock_) {}

TestRun::~TestRun() = default;

CheckpointSettings TestRun::checkpoint_settings() const {
  CheckpointSettings settings;
  settings.folder = "state";
  settings.pipeline_id = "test." + prepared_.spec().name;
  describe_plan(prepared_, settings);
  settings.publish_in_background = false;
  return settings;
}

Status TestRun::start() {
  SLUICE_ASSIGN(coordinator_,
                CheckpointCoordinator::open(checkpoint_settings(),
                                            checkpoint_targets(prepared_.graph, environment_),
                                            environment_, counters_, memory_));
  const TaskEnvironment environment{.environment = environment_,
                                    .memory = &memory_,
                                    .counters = &counters_,
                                    .zone = &prepared_.zone,
                                    .coordinator = coordinator_.get(),
                                    .dead_letter_limit = &dead_letters_,
                                    .listener = this,
                                    .pipeline_id = "test." + prepared_.spec().name};
  SLUICE_ASSIGN(tasks_, TaskSet::build(prepared_.graph, 1, environment, {this}));
  SLUICE_TRY(tasks_->restore(*coordinator_));
  SLUICE_TRY(assign_splits());
  return run_until_quiet();
}

Status TestRun::restart() {
  SLUICE_TRY(tasks_->close());
  tasks_.reset();
  coordinator_->stop();
  coordinator_.reset();
  return start();
}

Status TestRun::assign_splits() {
  SplitAssigner assigner(prepared_.graph, 1, environment_);
  SLUICE_ASSIGN(std::vector<SlotSplits> placed, assigner.assign_initial(coordinator_->restored()));
  for (SlotSplits& splits : placed) {
    tasks_->reader_task(splits.source_input, splits.slot)
        .post_splits(splits.source_input, std::move(splits.splits));
  }
  return {};
}

Status TestRun::run_until_quiet() {
  bool has_worked = true;
  while (has_worked) {
    has_worked = false;
    for (size_t i = 0; i < tasks_->size(); ++i) {
      SLUICE_ASSIGN(const Task::Step step, tasks_->task(i).step());
      has_worked = has_worked || step == Task::Step::worked;
    }
  }
  return dead_letters_.is_exceeded() ? Status(fail(dead_letters_.error())) : Status{};
}

void TestRun::advance_watermark(int64_t watermark_us) {
  size_t scan = 0;
  for (const StreamNode& node : prepared_.graph.nodes) {
    const auto* vertex = std::get_if<ScanVertex>(&node.node);
    if (vertex == nullptr) continue;
    if (vertex->has_event_time) tasks_->tracker().report(scan, 0, watermark_us);
    ++scan;
  }
}

void TestRun::on_snapshot(size_t, TaskSnapshot snapshot) {
  snapshots_.push_back(std::move(snapshot));
}

Status TestRun::checkpoint() {
  snapshots_.clear();
  const CheckpointBarrier barrier{coordinator_->current_epoch(), clock_.now_us(), false};
  SLUICE_TRY(coordinator_->begin());
  for (size_t i = 0; i < tasks_->size(); ++i) {
    if (tasks_->task(i).has_sources()) tasks_->task(i).post_barrier(barrier);
  }
  SLUICE_TRY(run_until_quiet());
  std::vector<TaskPart> parts;
  SavedProgress progress;
  for (TaskSnapshot& snapshot : snapshots_) {
    for (SavedSplit& split : snapshot.part.splits) progress.splits.push_back(std::move(split));
    progress.issued_watermarks.insert(snapshot.sent_watermarks.begin(),
                                      snapshot.sent_watermarks.end());
    parts.push_back(std::move(snapshot.part));
  }
  SLUICE_TRY(coordinator_->complete(std::move(parts), progress, false));
  if (coordinator_->wait_published(clock_.monotonic_us())) return {};
  return fail(ErrorCode::publish_failed, "an epoch was not published");
}

}  // namespace sluice
