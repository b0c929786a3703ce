#include "operators/windows/row_assigner.hpp"

#include <algorithm>

#include "operators/windows/event_times.hpp"

namespace sluice {

int64_t RowAssigner::horizon_of(int64_t seen_us, int64_t closed_until_us) const {
  if (seen_us == not_behind || !settings_.late.refuses) return closed_until_us;
  return std::max(closed_until_us,
                  earlier(earlier(seen_us, settings_.lag_us), settings_.late.accept_us));
}

void RowAssigner::add(Pane& pane, uint32_t row) {
  if (pane.rows.empty()) touched_.push_back(&pane);
  pane.rows.push_back(row);
}

void RowAssigner::refuse_time(bool is_null, uint32_t row) {
  Error error{ErrorCode::event_time_missing, "the window's time column is NULL", Retry::never, {}};
  if (!is_null) {
    error = {
        ErrorCode::value_out_of_range, "the time is too far away for a window", Retry::never, {}};
  }
  errors_.push_back({row, std::move(error), Expression::no_position});
}

void RowAssigner::assign(const RecordBatch& batch, int64_t closed_until_us) {
  touched_.clear();
  late_rows_.clear();
  errors_.clear();
  const Column& column = batch.column(settings_.time_column);
  const int64_t* times_us = column.values<int64_t>();
  // Of the slice that the last row was in, when it is not late there.
  WindowRun run{0, 0, 0, 0};
  Pane* pane = nullptr;
  for (uint32_t row = 0; row < batch.rows(); ++row) {
    const int64_t time_us = times_us[row];
    if (column.is_null(row) || !WindowAssigner::is_in_range(time_us)) {
      refuse_time(column.is_null(row), row);
      continue;
    }
    const int64_t horizon_us = horizon_of(batch.seen(row), closed_until_us);
    if (pane == nullptr || !run.holds(time_us)) {
      run = assigner_.run_of(time_us);
      pane = nullptr;
    }
    if (horizon_us >= run.first_end_us) {
      WindowRun left = run;
      if (assigner_.cut(left, horizon_us)) {
        add(panes_.at({left.first_end_us, left.last_end_us}), row);
      } else {
        late_rows_.push_back(row);
      }
      continue;
    }
    if (pane == nullptr) pane = &panes_.at({run.first_end_us, run.last_end_us});
    add(*pane, row);
  }
}

}  // namespace sluice
