// TaskSet: all tasks of one run with their channels, and what they share. Built from a StreamGraph;
// tasks are driven from outside: one slot's tasks by one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dataflow/stream_graph.hpp"
#include "runtime/task.hpp"
#include "runtime/task_environment.hpp"
#include "runtime/watermark_tracker.hpp"

namespace sluice {

// How full the fullest channel between two steps is, 0 to 1.
struct ChannelFill {
  std::string from;
  std::string to;
  double ratio = 0;
};

class TaskSet {
 public:
  // `wakers`: one per slot.
  static Result<std::unique_ptr<TaskSet>> build(const StreamGraph& graph, uint32_t parallelism,
                                                const TaskEnvironment& environment,
                                                const std::vector<Waker*>& wakers);

  // What the coordinator has restored, if anything: event time, and each saved entry to the task
  // that owns its key group. Error state_incompatible for an unknown state id.
  Status restore(CheckpointCoordinator& coordinator);

  size_t size() const { return tasks_.size(); }
  Task& task(size_t index) { return *tasks_[index]; }
  uint32_t slot_of(size_t task) const { return static_cast<uint32_t>(task % parallelism_); }
  // The task that reads a source's splits in a slot.
  Task& reader_task(size_t source_input, uint32_t slot);
  WatermarkTracker& tracker() { return *tracker_; }
  uint32_t parallelism() const { return parallelism_; }
  // From any thread.
  std::vector<ChannelFill> channel_fill() const;
  Status close();

 private:
  friend class TaskSetBuilder;
  Status restore_entry(std::string_view state_id, const StateEntry& entry);

  uint32_t parallelism_ = 1;
  std::vector<std::string> scans_;  // as the tracker counts them
  std::unique_ptr<WatermarkTracker> tracker_;
  struct Exchange {
    std::string from;
    std::string to;
    std::vector<std::unique_ptr<Channel>> channels;
  };
  std::vector<Exchange> exchanges_;
  std::vector<std::unique_ptr<Task>> tasks_;  // fragment * parallelism + slot
  std::vector<size_t> reader_fragment_;       // by source input
  std::map<std::string, std::pair<size_t, NodeId>, std::less<>>
      state_nodes_;  // state id -> fragment, node
};

}  // namespace sluice
