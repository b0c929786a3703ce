#include "unit/pipeline/stepped_run.hpp"

#include <gtest/gtest.h>

#include "pipeline/plan_description.hpp"
#include "runtime/dead_letter_writer.hpp"
#include "runtime/graph_targets.hpp"
#include "runtime/split_assigner.hpp"

namespace sluice::test {

namespace {

void expect_ok(const Status& status) {
  ASSERT_TRUE(status.has_value()) << status.error().to_string();
}

}  // namespace

SteppedRun::SteppedRun(MemoryPipeline& pipeline, uint64_t seed)
    : pipeline_(pipeline),
      prepared_(*pipeline.prepared()),
      random_(seed),
      memory_(static_cast<uint64_t>(prepared_.spec().settings.state_budget_bytes)),
      dead_letters_(UINT64_MAX, 0, pipeline.clock) {}

SteppedRun::~SteppedRun() { crash(); }

void SteppedRun::open_coordinator() {
  CheckpointSettings settings;
  settings.folder = "state/test.tested";
  settings.pipeline_id = "test.tested";
  describe_plan(prepared_, settings);
  settings.publish_in_background = false;
  settings.full_snapshot_every = 3;
  auto targets = checkpoint_targets(prepared_.graph, pipeline_.environment());
  ASSERT_EQ(targets.size(), 1u);
  targets[0].make_publisher = [this](const PublisherIds& ids) {
    return pipeline_.world.target().connect(ids);
  };
  auto opened =
      CheckpointCoordinator::open(settings, targets, pipeline_.environment(), counters_, memory_);
  ASSERT_TRUE(opened.has_value()) << opened.error().to_string();
  coordinator_ = std::move(*opened);
}

void SteppedRun::start(uint32_t parallelism) {
  open_coordinator();
  const TaskEnvironment environment{.environment = pipeline_.environment(),
                                    .memory = &memory_,
                                    .counters = &counters_,
                                    .zone = &prepared_.zone,
                                    .coordinator = coordinator_.get(),
                                    .dead_letter_limit = &dead_letters_,
                                    .listener = this,
                                    .pipeline_id = "test.tested"};
  const std::vector<Waker*> wakers(parallelism, this);
  auto built = TaskSet::build(prepared_.graph, parallelism, environment, wakers);
  ASSERT_TRUE(built.has_value()) << built.error().to_string();
  tasks_ = std::move(*built);
  expect_ok(tasks_->restore(*coordinator_));
  assign_splits(parallelism);
}

void SteppedRun::assign_splits(uint32_t parallelism) {
  SplitAssigner assigner(prepared_.graph, parallelism, pipeline_.environment());
  auto placed = assigner.assign_initial(coordinator_->restored());
  ASSERT_TRUE(placed.has_value()) << placed.error().to_string();
  std::map<std::pair<size_t, uint32_t>, std::vector<SplitStart>> by_task;
  for (SlotSplits& splits : *placed) {
    auto& starts = by_task[{splits.source_input, splits.slot}];
    std::move(splits.splits.begin(), splits.splits.end(), std::back_inserter(starts));
  }
  for (auto& [place, starts] : by_task) {
    expect_ok(tasks_->reader_task(place.first, place.second)
                  .assign_splits(place.first, std::move(starts)));
  }
}

void SteppedRun::crash() {
  tasks_.reset();
  if (coordinator_) coordinator_->stop();
  coordinator_.reset();
}

Task::Step SteppedRun::step_task(size_t task) {
  const Result<Task::Step> step = tasks_->task(task).step();
  EXPECT_TRUE(step.has_value()) << step.error().to_string();
  return step.value_or(Task::Step::waits_for_input);
}

void SteppedRun::step(size_t steps) {
  for (size_t i = 0; i < steps && !is_at_end(); ++i) step_task(random_() % tasks_->size());
}

void SteppedRun::run_until_quiet() {
  bool has_worked = true;
  while (has_worked && !testing::Test::HasFailure()) {
    has_worked = false;
    for (size_t i = 0; i < tasks_->size(); ++i)
      has_worked = step_task(i) == Task::Step::worked || has_worked;
  }
}

void SteppedRun::on_snapshot(size_t, TaskSnapshot snapshot) {
  snapshots_.push_back(std::move(snapshot));
}

void SteppedRun::checkpoint(bool closes) {
  snapshots_.clear();
  const CheckpointBarrier barrier{coordinator_->current_epoch(), pipeline_.clock.now_us(), closes};
  expect_ok(coordinator_->begin());
  for (size_t i = 0; i < tasks_->size(); ++i) {
    if (tasks_->task(i).has_sources()) tasks_->task(i).post_barrier(barrier);
  }
  // A bound, so that a barrier that is lost fails the test instead of hanging it.
  constexpr size_t most_steps = 1'000'000;
  for (size_t i = 0; i < most_steps && snapshots_.size() < tasks_->size(); ++i)
    step_task(random_() % tasks_->size());
  ASSERT_EQ(snapshots_.size(), tasks_->size()) << "tasks that passed the barrier";
  std::vector<TaskPart> parts;
  SavedProgress progress;
  for (TaskSnapshot& snapshot : snapshots_) {
    for (SavedSplit& split : snapshot.part.splits) progress.splits.push_back(std::move(split));
    for (const auto& [scan, watermark_us] : snapshot.sent_watermarks) {
      const auto [entry, is_new] = progress.issued_watermarks.emplace(scan, watermark_us);
      if (!is_new) entry->second = std::min(entry->second, watermark_us);
    }
    parts.push_back(std::move(snapshot.part));
  }
  expect_ok(coordinator_->complete(std::move(parts), progress, closes));
  EXPECT_TRUE(coordinator_->wait_published(pipeline_.clock.monotonic_us()));
}

void SteppedRun::close() {
  for (size_t i = 0; i < tasks_->size(); ++i) tasks_->task(i).stop_sources();
  tasks_->tracker().close();
  checkpoint(true);
}

}  // namespace sluice::test
