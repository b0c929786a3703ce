#include "operators/windows/row_assigner.hpp"

#include <algorithm>
#include <numeric>

#include "operators/windows/event_times.hpp"
#include "operators/windows/refused_rows.hpp"

namespace sluice {

int64_t refused_until(const WindowAggregateSettings& settings, int64_t seen_us,
                      int64_t closed_until_us) {
  if (seen_us == not_behind || !settings.late.refuses) return closed_until_us;
  return std::max(closed_until_us,
                  earlier(earlier(seen_us, settings.lag_us), settings.late.accept_us));
}

void RowAssigner::add(PaneId id, uint32_t first, uint32_t last) {
  Pane& pane = panes_.at(id);
  if (pane.rows.empty()) touched_.push_back(&pane);
  const size_t size = pane.rows.size();
  pane.rows.resize(size + last - first);
  std::iota(pane.rows.begin() + static_cast<ptrdiff_t>(size), pane.rows.end(), first);
}

void RowAssigner::assign(const RecordBatch& batch, int64_t closed_until_us) {
  touched_.clear();
  late_rows_.clear();
  rows_outside_ = 0;
  errors_.clear();
  const Column& column = batch.column(settings_.time_column);
  const int64_t* times_us = column.values<int64_t>();
  const auto rows = static_cast<uint32_t>(batch.rows());
  for (uint32_t row = 0; row < rows;) {
    const int64_t time_us = times_us[row];
    if (column.is_null(row) || !WindowAssigner::is_in_range(time_us)) {
      errors_.push_back(unusable_time(column.is_null(row), row));
      ++row;
      continue;
    }
    WindowRun run = assigner_.run_of(time_us);
    const uint32_t first = row++;
    if (batch.seen(first) == not_behind) {
      while (row < rows && run.holds(times_us[row]) && !column.is_null(row) &&
             batch.seen(row) == not_behind) {
        ++row;
      }
    }
    if (run.is_empty()) {
      rows_outside_ += row - first;
    } else if (assigner_.cut(run, refused_until(settings_, batch.seen(first), closed_until_us))) {
      add({run.first_end_us, run.last_end_us}, first, row);
    } else {
      for (uint32_t late = first; late < row; ++late) late_rows_.push_back(late);
    }
  }
}

}  // namespace sluice
