// RowAssigner: finds the pane of every row of a batch and judges lateness. A row is refused for
// windows that end at or before its `seen` - lag - accept, and for those whose state is gone; it
// goes to the pane of the windows that are left. Owned by one operator's instance, one thread.
#pragma once

#include <vector>

#include "operators/window_aggregate.hpp"
#include "operators/windows/pane_store.hpp"

namespace sluice {

// Up to where a row that has seen this watermark is refused: `closed_until_us`, or later where the
// settings refuse rows.
int64_t refused_until(const WindowAggregateSettings& settings, int64_t seen_us,
                      int64_t closed_until_us);

class RowAssigner {
 public:
  // Borrowed.
  RowAssigner(const WindowAggregateSettings& settings, const WindowAssigner& assigner,
              PaneStore& panes)
      : settings_(settings), assigner_(assigner), panes_(panes) {}

  // Fills Pane::rows of the panes that get rows, and the lists below. `closed_until_us`: windows up
  // to there can change no more.
  void assign(const RecordBatch& batch, int64_t closed_until_us);

  const std::vector<Pane*>& panes() const { return touched_; }
  const std::vector<uint32_t>& late_rows() const { return late_rows_; }
  // How many rows are in no window.
  int64_t rows_outside() const { return rows_outside_; }
  // Rows without a time that could be in a window.
  const std::vector<RowError>& errors() const { return errors_; }

 private:
  // Rows [first, last).
  void add(PaneId id, uint32_t first, uint32_t last);

  const WindowAggregateSettings& settings_;
  const WindowAssigner& assigner_;
  PaneStore& panes_;
  std::vector<Pane*> touched_;
  std::vector<uint32_t> late_rows_;
  int64_t rows_outside_ = 0;
  std::vector<RowError> errors_;
};

}  // namespace sluice
