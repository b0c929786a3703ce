#include "formats/second_pass.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "expr/evaluator.hpp"
#include "formats/record_checks.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

class SecondPass {
 public:
  SecondPass(const ScanPlan& plan, ReadRows read, const RawBatch& raw)
      : plan_(plan), read_(std::move(read)), raw_(raw) {
    context_.zone = &plan_.zone();
    context_.allowance = &read_.allowance;
    for (PendingProblem& pending : read_.problems) {
      problems_.emplace(pending.row, std::move(pending.problem));
    }
  }

  void compute_columns();
  void observe_event_times(PartitionClock& clock);
  void filter(DecodeResult& result);

 private:
  RecordBatch batch() const { return RecordBatch(plan_.full_schema(), read_.columns, read_.rows); }
  void compute_column(size_t index);
  void report(size_t row, size_t column, Error error);
  void fail_row(size_t row, DecodeResult& result);
  std::optional<int64_t> event_time_of(size_t row) const;

  const ScanPlan& plan_;
  ReadRows read_;
  const RawBatch& raw_;
  EvaluationContext context_;
  std::map<size_t, RowProblem> problems_;
};

void SecondPass::report(size_t row, size_t column, Error error) {
  const PlannedColumn& planned = plan_.columns()[column];
  if (planned.is_carried) return read_.whole_rows.leave_out(row, column);
  const auto [place, is_new] =
      problems_.try_emplace(row, RowProblem{error, planned.name, planned.gravity});
  if (!is_new && place->second.gravity < planned.gravity) {
    place->second = {std::move(error), planned.name, planned.gravity};
  }
}

void SecondPass::compute_column(size_t index) {
  const PlannedColumn& column = plan_.columns()[index];
  std::vector<RowError> errors;
  read_.columns[index] = evaluate(*column.computed, batch(), context_, errors);
  read_.allowance.check();
  for (RowError& failed : errors) {
    report(failed.row, index, of_column(column.name, std::move(failed.error)));
  }
  if (!column.required || !read_.columns[index]->has_nulls()) return;
  for (size_t row = 0; row < read_.rows; ++row) {
    if (!read_.columns[index]->is_null(row)) continue;
    report(row, index,
           Error{ErrorCode::required_missing, "required column \"" + column.name + "\" is NULL"});
  }
}

// In the order of the columns: one may use those before it.
void SecondPass::compute_columns() {
  for (size_t i = 0; i < plan_.columns().size(); ++i) {
    if (plan_.columns()[i].computed) compute_column(i);
  }
}

void SecondPass::observe_event_times(PartitionClock& clock) {
  const size_t index = plan_.event_time_column();
  const Column& column = *read_.columns[index];
  read_.meta.seen.assign(read_.rows, not_behind);
  for (size_t row = 0; row < read_.rows; ++row) {
    if (column.is_null(row)) {
      report(row, index,
             Error{ErrorCode::event_time_missing,
                   "event time \"" + plan_.columns()[index].name + "\" is NULL"});
      continue;
    }
    const int64_t event_time = column.values<int64_t>()[row];
    const int64_t record_time = raw_.records[read_.record_of_row[row]].timestamp_us;
    if (!is_event_time(event_time, record_time, clock)) {
      report(row, index,
             of_column(plan_.columns()[index].name, event_time_error(event_time, record_time)));
      continue;
    }
    read_.meta.row_time[row] = event_time;
    read_.meta.seen[row] = clock.observe(event_time);
  }
}

void SecondPass::fail_row(size_t row, DecodeResult& result) {
  RowProblem& problem = problems_.at(row);
  const int64_t seen = read_.meta.seen.empty() ? not_behind : read_.meta.seen[row];
  result.add_failure({read_.record_of_row[row], std::move(problem.error), std::move(problem.column),
                      event_time_of(row), seen});
}

std::optional<int64_t> SecondPass::event_time_of(size_t row) const {
  if (plan_.scan().time_origin != TimeOrigin::event_column) return read_.meta.row_time[row];
  const Column& column = *read_.columns[plan_.event_time_column()];
  if (column.is_null(row) || !is_finite_time(column.values<int64_t>()[row])) return std::nullopt;
  return column.values<int64_t>()[row];
}

void SecondPass::filter(DecodeResult& result) {
  std::vector<bool> is_selected(read_.rows, true);
  if (plan_.batch_predicate()) {
    std::vector<RowError> errors;
    const ColumnPtr passes = evaluate(*plan_.batch_predicate(), batch(), context_, errors);
    read_.allowance.check();
    for (size_t row = 0; row < read_.rows; ++row)
      is_selected[row] = passes->values<uint8_t>()[row] != 0;
    for (RowError& failed : errors) {
      problems_.try_emplace(failed.row, RowProblem{std::move(failed.error), "", Gravity::filter});
    }
  }
  std::vector<uint32_t> kept;
  kept.reserve(read_.rows);
  for (size_t row = 0; row < read_.rows; ++row) {
    const auto problem = problems_.find(row);
    if (problem != problems_.end() &&
        (is_selected[row] || problem->second.gravity != Gravity::plain)) {
      fail_row(row, result);
    } else if (!is_selected[row]) {
      ++result.rows_filtered;
    } else {
      kept.push_back(static_cast<uint32_t>(row));
    }
  }
  ColumnPtr source_row = read_.whole_rows.write(read_.columns, kept, read_.allowance);
  read_.columns.resize(plan_.scan().output_columns);
  RecordBatch rows(plan_.scan().schema, std::move(read_.columns), read_.rows,
                   std::move(read_.meta));
  result.rows = kept.size() == read_.rows ? std::move(rows) : rows.gather(kept);
  result.rows.meta().source_row = std::move(source_row);
}

}  // namespace

Error event_time_error(int64_t event_time_us, int64_t record_time_us) {
  if (!is_finite_time(event_time_us)) {
    return {ErrorCode::column_invalid, "event time is infinite"};
  }
  std::string message = "event time ";
  format_timestamptz(event_time_us, TimeZone(), message);
  message += " is more than `max_ahead` past the record's own timestamp ";
  format_timestamptz(record_time_us, TimeZone(), message);
  return {ErrorCode::event_time_ahead, std::move(message)};
}

void finish_in_second_pass(const ScanPlan& plan, ReadRows read, const RawBatch& raw,
                           PartitionClock& clock, DecodeResult& result) {
  SecondPass pass(plan, std::move(read), raw);
  pass.compute_columns();
  if (plan.computes_event_time()) pass.observe_event_times(clock);
  pass.filter(result);
  std::stable_sort(
      result.failures.begin(), result.failures.end(),
      [](const DecodeFailure& a, const DecodeFailure& b) { return a.record < b.record; });
}

}  // namespace sluice
