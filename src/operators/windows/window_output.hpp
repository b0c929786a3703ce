// WindowOutput: the rows of windows that are sent: keys, window columns and results, in batches. A
// result that cannot be computed goes where the step's policy says. Made for one emission, one
// thread; what was added is sent by flush at the latest.
#pragma once

#include "operators/aggregates/aggregate_table.hpp"
#include "operators/window_aggregate.hpp"
#include "operators/windows/result_rows.hpp"

namespace sluice {

class WindowOutput {
 public:
  // Borrowed, all of them.
  struct Target {
    const WindowAggregateSettings& settings;
    const WindowAssigner& assigner;
    OperatorContext& context;
    Collector& out;
  };
  WindowOutput(Target target, RowKind kind);

  // The row of a key in the window that ends there.
  Status add(const AggregateTable& table, uint32_t id, int64_t end_us);
  // The rows of all its keys that have rows.
  Status add_all(const AggregateTable& table, int64_t end_us);
  Status flush();

 private:
  RecordBatch take_batch();

  Target target_;
  RowKind kind_;
  ResultBuilders builders_;
  std::vector<int64_t> ends_us_;
  std::vector<RowError> errors_;
};

}  // namespace sluice
