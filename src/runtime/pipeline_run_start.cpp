// How a run begins: what is saved comes back, and every source stands where it is to be read.
#include <algorithm>
#include <iterator>
#include <map>

#include "runtime/pipeline_run.hpp"

namespace sluice {

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

}  // namespace sluice
