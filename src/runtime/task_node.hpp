// TaskNode: one node of the graph inside one task: its operator or sink, its counters, its merged
// watermark, and where its output goes: to nodes of the same task by a call, to other tasks through
// channels. One thread: the task's, but for is_busy.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "dataflow/operator.hpp"
#include "dataflow/stream_graph.hpp"
#include "runtime/channel.hpp"
#include "runtime/hash_router.hpp"
#include "runtime/sink_writer.hpp"
#include "runtime/watermark_merger.hpp"
#include "storage/state_buffer.hpp"

namespace sluice {

class TaskNode final : public Collector {
 public:
  // `contributions`: how many edges and channels bring watermarks.
  TaskNode(const StreamNode& node, size_t contributions, std::unique_ptr<OperatorContext> context,
           std::unique_ptr<StepCounters> counters);

  void set_sink(std::unique_ptr<SinkWriter> sink) { sink_ = std::move(sink); }
  void add_local(TaskNode& target, size_t port, size_t contribution) {
    locals_.push_back({&target, port, contribution});
  }
  // Without a router all rows go to the one channel.
  void add_remote(std::optional<HashRouter> router, std::vector<Channel*> channels) {
    remotes_.push_back({std::move(router), std::move(channels)});
  }

  Status open();
  Status restore(const StateEntry& entry) { return operator_->restore(entry); }
  Status process(size_t port, const RecordBatch& batch);
  // A watermark came on one of the contributions.
  Status advance(size_t contribution, Watermark watermark);
  // To the outputs, without looking at the own operator: scans.
  Status send_watermark(Watermark watermark);
  // Rows of a scan, counted where they were decoded.
  Status send(const RecordBatch& batch);
  Status emit(RecordBatch batch) override;
  // See SinkWriter; an operator holds nothing that could be sent.
  bool holds_rows() const { return sink_ && sink_->holds_rows(); }
  Status send_held();
  // Lets the operator emit what it folds per epoch, then saves its state; ends a sink's epoch.
  Status pass_barrier(const CheckpointBarrier& barrier, StateBuffer& state);
  // See Operator; INT64_MAX: nothing is held back.
  int64_t next_emission_us() const {
    return operator_ ? operator_->next_emission_us().value_or(INT64_MAX) : INT64_MAX;
  }
  Status close() { return operator_ ? operator_->close() : Status{}; }

  // From any thread: the operator or the sink is called, or has called the nodes behind it.
  bool is_busy() const { return is_busy_.load(std::memory_order_relaxed); }

  const StreamNode& description() const { return node_; }
  OperatorContext& context() { return *context_; }

 private:
  // While it lives the node is busy.
  class Busy {
   public:
    explicit Busy(TaskNode& node) : node_(node) { set(true); }
    ~Busy() { set(false); }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;

   private:
    void set(bool is_busy) { node_.is_busy_.store(is_busy, std::memory_order_relaxed); }
    TaskNode& node_;
  };

  // Of a time or the end of times.
  Status pass_time(Watermark watermark);
  struct Local {
    TaskNode* target;
    size_t port;
    size_t contribution;
  };
  struct Remote {
    std::optional<HashRouter> router;
    std::vector<Channel*> channels;
  };

  const StreamNode& node_;
  WatermarkMerger merger_;
  std::unique_ptr<StepCounters> counters_;
  std::unique_ptr<OperatorContext> context_;
  std::unique_ptr<Operator> operator_;  // none for scans and sinks
  std::unique_ptr<SinkWriter> sink_;
  std::vector<Local> locals_;
  std::vector<Remote> remotes_;
  std::atomic<bool> is_busy_{false};
};

}  // namespace sluice
