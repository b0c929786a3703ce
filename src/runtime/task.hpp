// Task: one fragment of the graph in one slot: its operators call each other, its inputs are
// channels and sources. step() makes progress or says what it waits for, and never blocks (lookups
// aside). It aligns barriers, merges watermarks and counts rows.
//
// Built by TaskSet, driven by one thread at a time (a Worker, or a test). Requests from other
// threads (barriers, new splits, dead letters to add) come through post_*; the snapshot of a
// barrier leaves through TaskListener, on the task's thread.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_coordinator.hpp"
#include "runtime/barrier_aligner.hpp"
#include "runtime/channel.hpp"
#include "runtime/dead_letter_output.hpp"
#include "runtime/execution_graph.hpp"
#include "runtime/source_reader.hpp"
#include "runtime/task_node.hpp"

namespace sluice {

// What a task hands over when it has passed a barrier.
struct TaskSnapshot {
  TaskPart part;
  std::map<std::string, int64_t> sent_watermarks;  // by scan, of tasks that read sources
  int64_t next_emission_us = INT64_MAX;            // see Task
};

class TaskListener {
 public:
  virtual ~TaskListener() = default;
  virtual void on_snapshot(size_t task, TaskSnapshot snapshot) = 0;
};

class Task {
 public:
  enum class Step : uint8_t {
    worked,  // call again
    waits_for_input,
    waits_for_room,     // an output channel is full
    waits_for_barrier,  // held by alignment, the epoch is full, or the run ends
  };

  // `memory` pays for the snapshots.
  Task(size_t index, TaskListener& listener, CheckpointCoordinator& coordinator,
       MemoryPool& memory);

  Status open(const SourceContext& context);
  Status restore(NodeId node, const StateEntry& entry);
  Result<Step> step();
  // After a step: how long until the next one is due even if nothing wakes the task, in
  // microseconds; INT64_MAX: it is not.
  int64_t next_step_in_us() const;
  Status close();

  // Before the first step of any task: a source's watermark must not move while only some of its
  // partitions are known.
  Status assign_splits(size_t source_input, std::vector<SplitStart> splits);

  // From any thread; the caller wakes the task's worker afterwards.
  void post_barrier(const CheckpointBarrier& barrier);
  void post_splits(size_t source_input, std::vector<SplitStart> splits);
  // They are no movement: whoever posts them lets a barrier follow.
  void post_dead_letters(std::vector<DeadLetter> letters);
  // No source is polled any more; barriers still pass.
  void stop_sources() { sources_stopped_ = true; }

  // The least time of a barrier that would emit changes which the task holds back; INT64_MAX: it
  // holds none. Between the restores and the first step; later the snapshots tell.
  int64_t next_emission_us() const;
  bool has_sources() const { return !readers_.empty(); }
  // From any thread: the step whose operator or sink is at work; empty: none is.
  std::string busy_step() const;
  // Sums over the task's sources; written by the task, read by anyone.
  uint64_t movements() const { return movements_; }
  uint64_t records_read() const { return records_read_; }
  int64_t lag() const { return lag_; }

 private:
  friend class TaskSetBuilder;
  struct ChannelInput {
    Channel* channel;
    size_t node;  // index into nodes_
    size_t port;
    size_t contribution;  // to the node's watermark
  };
  struct ReaderOutput;

  Status handle_posts();
  bool has_room() const;
  Result<Step> step_input(size_t input);
  Status receive(size_t input, StreamElement element);
  Result<bool> poll_source(size_t reader);
  Status arrive(size_t input, const CheckpointBarrier& barrier);
  Status take_checkpoint(const CheckpointBarrier& barrier);
  Result<Step> step_inputs();
  bool holds_rows() const;
  // Where sinks write while records flow: what they hold, unless that was done a moment ago.
  Status send_held();
  void note_movements();
  void update_gauges();

  const size_t index_;
  TaskListener& listener_;
  CheckpointCoordinator& coordinator_;
  MemoryPool& memory_;
  std::vector<std::unique_ptr<TaskNode>> nodes_;  // inputs first
  std::vector<ChannelInput> channels_;
  struct Reader {
    size_t source_input;
    std::unique_ptr<SourceReader> reader;
    std::vector<size_t> nodes;  // by scan: index into nodes_
  };
  std::vector<Reader> readers_;
  std::vector<Channel*> outputs_;
  std::unique_ptr<DeadLetterOutput> dead_letters_;
  std::optional<BarrierAligner> aligner_;
  size_t next_input_ = 0;
  Epoch epoch_;
  const Clock* clock_ = nullptr;
  int64_t next_send_us_ = INT64_MIN;  // Clock::monotonic_us

  std::mutex posts_mutex_;
  std::atomic<bool> has_posts_{false};
  std::optional<CheckpointBarrier> posted_barrier_;
  std::vector<std::pair<size_t, std::vector<SplitStart>>> posted_splits_;
  std::vector<DeadLetter> posted_letters_;
  std::atomic<bool> sources_stopped_{false};
  std::atomic<uint64_t> movements_{0};
  std::atomic<uint64_t> records_read_{0};
  std::atomic<int64_t> lag_{0};
};

}  // namespace sluice
