// Operator: one transformation of a stream. OperatorDescription is the immutable plan of it, shared
// by all tasks; an Operator is one task's instance with its mutable state.
//
// Life: open, then restore for each saved entry, then process / on_watermark / on_barrier +
// snapshot in stream order, then close. Always the same thread at a time; nothing here blocks but a
// lookup. An Error fails the pipeline, which restarts from its last checkpoint: bad rows are not
// Errors but go to context.dead_letters. Rows that enter state are copied out of the batch.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "data/stream_element.hpp"
#include "dataflow/dead_letter.hpp"
#include "dataflow/step_counters.hpp"
#include "env/environment.hpp"
#include "memory/memory_pool.hpp"
#include "state/state_store.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

// Takes an operator's output, in order.
class Collector {
 public:
  virtual ~Collector() = default;
  virtual Status emit(RecordBatch batch) = 0;
};

struct OperatorContext {
  Environment environment;
  MemoryPool* memory = nullptr;
  const TimeZone* zone = nullptr;
  DeadLetters* dead_letters = nullptr;
  StepCounters* counters = nullptr;
  KeyGroupRange key_groups;
};

class Operator {
 public:
  virtual ~Operator() = default;

  // The context outlives the operator.
  virtual Status open(OperatorContext& context) = 0;
  // `input` counts the description's inputs from 0. Batches are never empty.
  virtual Status process(size_t input, const RecordBatch& batch, Collector& out) = 0;
  // The merged watermark of all inputs advanced. The task forwards it afterwards.
  virtual Status on_watermark(Watermark watermark, Collector& out);
  // Before the snapshot of this epoch: emit what is folded per epoch (unwindowed aggregates,
  // `emit.every`).
  virtual Status on_barrier(const CheckpointBarrier& barrier, Collector& out);
  // After the restores and after each on_barrier: the least time of a barrier that would emit
  // changes which are held back now; none: nothing is held back.
  virtual std::optional<int64_t> next_emission_us() const;
  // What it keeps, opened by open(); null: it keeps no state. Snapshots and restores are the
  // stores' own; an operator adds what follows from them.
  virtual StateStores* stores() { return nullptr; }
  virtual Status snapshot(StateWriter& writer);
  virtual Status restore(const StateEntry& entry);
  virtual Status close();
};

class OperatorDescription {
 public:
  virtual ~OperatorDescription() = default;
  // "filter", "interval join": for graphs and messages.
  virtual std::string label() const = 0;
  virtual SchemaPtr output_schema() const = 0;
  virtual std::unique_ptr<Operator> create() const = 0;
};

}  // namespace sluice
