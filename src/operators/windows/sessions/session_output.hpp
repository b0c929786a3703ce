// SessionOutput: the rows of sessions that are sent and taken back, in batches. A row that is taken
// back has its keys and its window; its results are NULL. A result that cannot be computed goes
// where the step's policy says. Made for one emission, one thread; what was added is sent by flush
// at the latest.
#pragma once

#include "operators/window_aggregate.hpp"
#include "operators/windows/result_rows.hpp"
#include "operators/windows/sessions/session_store.hpp"

namespace sluice {

class SessionOutput {
 public:
  // Borrowed, all of them.
  struct Target {
    const WindowAggregateSettings& settings;
    OperatorContext& context;
    Collector& out;
  };
  explicit SessionOutput(Target target);

  // The row of a group, whose session's span is given.
  Status add(const AggregateTable& table, uint32_t id, SessionSpan span, RowKind kind);
  Status take_back(const AggregateTable& table, uint32_t id, SessionSpan span);
  Status flush();

 private:
  Status end_row(SessionSpan span, RowKind kind);
  ColumnPtr window_column(size_t key) const;
  RecordBatch take_batch();

  Target target_;
  ResultBuilders builders_;  // the last key is the session's number, which is not sent
  std::vector<SessionSpan> spans_;
  std::vector<RowKind> kinds_;
  std::vector<RowError> errors_;
};

}  // namespace sluice
