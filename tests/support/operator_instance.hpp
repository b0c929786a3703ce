// OperatorInstance: one instance of an operator with all it needs around it, driven as a task
// would: counts in and out, keeps what comes out and the dead letters, and snapshots into
// SavedState. Owned by a test, one thread. An Error of the operator is returned.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "dataflow/operator.hpp"

namespace sluice::test {

// A checkpoint of one operator: what restoring the full snapshot and its deltas yields.
class SavedState {
 public:
  using Key = std::tuple<uint8_t, uint16_t, std::string>;  // table, key group, key

  // Adds the operator's snapshot: full replaces the entries of its key groups, delta changes them.
  Status take(Operator& operation, SnapshotKind kind, KeyGroupRange range);
  // Hands the entries of the key groups to the operator.
  Status restore(Operator& operation, KeyGroupRange range) const;
  bool operator==(const SavedState&) const = default;
  const std::map<Key, std::string>& entries() const { return entries_; }

 private:
  std::map<Key, std::string> entries_;
};

class OperatorInstance final : Collector, DeadLetters {
 public:
  static constexpr uint64_t default_budget_bytes = uint64_t{4} << 30;

  OperatorInstance(const OperatorDescription& description, Environment environment,
                   const TimeZone& zone, KeyGroupRange range,
                   uint64_t budget_bytes = default_budget_bytes);

  Status open();
  Status restore(const SavedState& state);
  Status restore_entry(const StateEntry& entry) { return operation_->restore(entry); }
  Status process(size_t port, const RecordBatch& batch);
  Status advance(Watermark watermark);
  // on_barrier; a snapshot may follow.
  Status arrive(const CheckpointBarrier& barrier);
  Status snapshot(SnapshotKind kind, SavedState& state);
  Status close() { return operation_->close(); }

  const KeyGroupRange& range() const { return context_.key_groups; }
  // Since it was made. The names are those of StepCounters; dropped ones as "dropped filtered".
  std::map<std::string, int64_t> counters() const;
  // Rows that were held when it was restored.
  int64_t restored_rows() const { return restored_rows_; }
  uint64_t memory_bytes() const { return memory_.used_bytes(); }
  // Empty, or why the counters do not add up.
  std::string imbalance() const;

  std::vector<std::string> changes;       // what came out, as row_texts writes it
  std::vector<std::string> dead_letters;  // "E3301 step: row"
  std::vector<RecordBatch> batches;       // what came out

 private:
  Status emit(RecordBatch batch) override;
  Status add(DeadLetter letter) override;

  Counters all_counters_;
  StepCounters counters_;
  MemoryPool memory_;
  TimeZone zone_;
  OperatorContext context_;
  SchemaPtr schema_;
  std::unique_ptr<Operator> operation_;
  int64_t restored_rows_ = 0;
};

}  // namespace sluice::test
