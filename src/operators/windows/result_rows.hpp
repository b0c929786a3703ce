// ResultRows: the rows of windows that are sent and taken back, in batches: keys, the columns of
// their window, results. A row that is taken back has its keys and its window; its results are
// NULL. A result that cannot be computed goes where the step's policy says. Made for one emission,
// one thread; what was added is sent by flush at the latest.
#pragma once

#include <vector>

#include "operators/aggregates/aggregate_table.hpp"
#include "operators/row_errors.hpp"
#include "operators/window_aggregate.hpp"

namespace sluice {

class ResultRows {
 public:
  // Borrowed, all of them.
  struct Target {
    const WindowAggregateSettings& settings;
    OperatorContext& context;
    Collector& out;
  };
  // `unsent_keys`: what the table's keys have behind the plain keys of the settings.
  explicit ResultRows(Target target, const std::vector<Type>& unsent_keys = {});

  // The row of a key in that window.
  Status add(const AggregateTable& table, uint32_t id, const WindowSpan& span, RowKind kind);
  Status take_back(const AggregateTable& table, uint32_t id, const WindowSpan& span);
  Status flush();

 private:
  Status end_row(const WindowSpan& span, RowKind kind);
  RecordBatch take_batch();

  Target target_;
  std::vector<ColumnBuilder> keys_;  // the plain ones, then those that are not sent
  std::vector<ColumnBuilder> calls_;
  std::vector<WindowSpan> spans_;
  std::vector<RowKind> kinds_;
  std::vector<RowError> errors_;
};

}  // namespace sluice
