#include "formats/row_collector.hpp"

#include <algorithm>
#include <numeric>

#include "base/assert.hpp"
#include "formats/record_checks.hpp"
#include "formats/record_headers.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

// About what the problem of a row takes, with its message and its letter.
constexpr uint64_t problem_bytes = 1024;

}  // namespace

RowCollector::RowCollector(std::shared_ptr<const ScanPlan> plan)
    : plan_(std::move(plan)),
      writer_(plan_->full_schema()),
      values_(*plan_, writer_),
      whole_rows_(*plan_) {
  for (size_t i = 0; i < plan_->columns().size(); ++i) {
    const PlannedColumn& column = plan_->columns()[i];
    if (column.meta != MetaColumn::none) metadata_columns_.push_back(i);
    if (column.required && !column.computed) required_columns_.push_back(i);
  }
}

void RowCollector::start(const RawBatch& raw, PartitionClock& clock, Allowance& allowance,
                         DecodeResult& result) {
  raw_ = &raw;
  clock_ = &clock;
  allowance_ = &allowance;
  result_ = &result;
  result = DecodeResult();
  writer_.start_batch(raw.records.size(), raw.arena, allowance);
  whole_rows_.start_batch();
  meta_ = RowMeta();
  meta_.origin = raw.origin;
  meta_.row_time.reserve(raw.records.size());
  meta_.offset.reserve(raw.records.size());
  record_of_row_.clear();
  pending_.clear();
  topic_ = {};
}

void RowCollector::start_record(uint32_t index) {
  record_ = index;
  first_row_of_record_ = writer_.rows();
  staged_.clear();
  staged_problems_.clear();
  if (plan_->scan().time_origin == TimeOrigin::record_timestamp) {
    seen_of_record_ = clock_->observe(record().timestamp_us);
  }
}

void RowCollector::discard() {
  writer_.truncate(first_row_of_record_);
  whole_rows_.truncate(first_row_of_record_);
  staged_.clear();
  staged_problems_.clear();
}

void RowCollector::fail_record(ErrorCode code, std::string message) {
  discard();
  ++result_->rows_read;
  fail_row({Error{code, std::move(message)}, "", Gravity::always}, std::nullopt, seen_of_record_);
}

void RowCollector::skip_record() {
  discard();
  ++result_->records_skipped;
}

// Where the record's own timestamp is the time, it is known whatever the record holds.
void RowCollector::fail_row(RowProblem problem, std::optional<int64_t> event_time, int64_t seen) {
  if (plan_->scan().time_origin != TimeOrigin::event_column) event_time = record().timestamp_us;
  result_->add_failure(
      {record_, std::move(problem.error), std::move(problem.column), event_time, seen});
}

void RowCollector::report(size_t column, Error error, std::optional<std::string_view> text) {
  const PlannedColumn& planned = plan_->columns()[column];
  if (planned.is_carried) return whole_rows_.note_bad_value(column, text);
  if (!has_problem_) bad_columns_.clear();
  bad_columns_.push_back(column);
  if (error.code == ErrorCode::column_invalid) error = of_column(planned.name, std::move(error));
  report({std::move(error), planned.name, planned.gravity});
}

void RowCollector::report_row(Error error) {
  if (!has_problem_) bad_columns_.clear();
  report({std::move(error), "", Gravity::always});
}

void RowCollector::report(RowProblem problem) {
  if (has_problem_ && problem_.gravity >= problem.gravity) return;
  problem_ = std::move(problem);
  has_problem_ = true;
}

bool RowCollector::is_bad(size_t column) const {
  return has_problem_ &&
         std::find(bad_columns_.begin(), bad_columns_.end(), column) != bad_columns_.end();
}

// A missing or null value passes no early test.
void RowCollector::test_missing() {
  for (const EarlyTest& test : plan_->early_tests()) {
    if (!writer_.is_set(test.column) && !is_bad(test.column)) is_dropped_ = true;
  }
}

void RowCollector::check_required() {
  for (const size_t column : required_columns_) {
    if (writer_.is_set(column) || is_bad(column) || !is_needed(plan_->columns()[column])) continue;
    report(column,
           Error{ErrorCode::required_missing,
                 "required column \"" + plan_->columns()[column].name + "\" is missing or null"});
  }
}

void RowCollector::read_event_time(StagedRow& staged) {
  const size_t column = plan_->event_time_column();
  if (!writer_.is_set(column)) {
    if (is_bad(column)) return;
    report(column,
           Error{ErrorCode::event_time_missing,
                 "event time \"" + plan_->columns()[column].name + "\" is missing or null"});
    return;
  }
  staged.event_time = writer_.get<int64_t>(column);
  staged.has_read_time = is_finite_time(staged.event_time);
  const int64_t record_time = record().timestamp_us;
  staged.has_event_time = is_event_time(staged.event_time, record_time, *clock_);
  if (!staged.has_event_time) {
    report(column, event_time_error(staged.event_time, record_time));
  }
}

// Rows with a problem are kept for the second pass, which may still filter them, and which reads
// the event time of every row.
RowCollector::Fate RowCollector::decide() const {
  if (!has_problem_) return is_dropped_ ? Fate::filtered : Fate::kept;
  if (is_dropped_) return problem_.gravity == Gravity::always ? Fate::failed : Fate::filtered;
  return plan_->needs_second_pass() ? Fate::kept : Fate::failed;
}

void RowCollector::stage_row() {
  if (staged_.size() == staged_.capacity())
    allowance_->spend((staged_.size() + 1) * sizeof(StagedRow));
  StagedRow& staged = staged_.emplace_back();
  if (!plan_->early_tests().empty()) test_missing();
  if (!metadata_columns_.empty()) write_metadata();
  if (!required_columns_.empty()) check_required();
  if (plan_->reads_event_time()) read_event_time(staged);
  staged.fate = decide();
  if (has_problem_ && staged.fate != Fate::filtered) {
    allowance_->spend(problem_bytes);
    staged.problem = static_cast<int32_t>(staged_problems_.size());
    staged_problems_.push_back(std::move(problem_));
  }
  const bool is_kept = staged.fate == Fate::kept;
  if (plan_->carries_whole_rows())
    whole_rows_.finish_row(is_kept ? std::optional(writer_.rows()) : std::nullopt);
  if (is_kept) writer_.finish_row();
}

void RowCollector::commit(RowKind kind) {
  kinds_.assign(staged_.size(), kind);
  commit(kinds_);
}

void RowCollector::commit(std::span<const RowKind> kinds) {
  SLUICE_ASSERT(kinds.size() == staged_.size(), "every staged row has a kind");
  for (size_t i = 0; i < staged_.size(); ++i) {
    const StagedRow& staged = staged_[i];
    ++result_->rows_read;
    const int64_t seen =
        staged.has_event_time ? clock_->observe(staged.event_time) : seen_of_record_;
    switch (staged.fate) {
      case Fate::kept:
        keep(staged, kinds[i], seen);
        break;
      case Fate::filtered:
        ++result_->rows_filtered;
        break;
      case Fate::failed:
        fail_row(std::move(staged_problems_[static_cast<size_t>(staged.problem)]),
                 staged.has_read_time ? std::optional(staged.event_time) : std::nullopt, seen);
        break;
    }
  }
  staged_.clear();
}

void RowCollector::keep(const StagedRow& staged, RowKind kind, int64_t seen) {
  const size_t row = meta_.row_time.size();
  const RawRecord& from = record();
  meta_.row_time.push_back(staged.has_event_time ? staged.event_time : from.timestamp_us);
  meta_.offset.push_back(from.offset);
  if (!meta_.seen.empty() || seen != not_behind) {
    meta_.seen.resize(row, not_behind);
    meta_.seen.push_back(seen);
  }
  if (!meta_.kind.empty() || kind != RowKind::insert) {
    meta_.kind.resize(row, RowKind::insert);
    meta_.kind.push_back(kind);
  }
  if (!plan_->needs_second_pass()) return;
  record_of_row_.push_back(record_);
  if (staged.problem >= 0) {
    pending_.push_back({row, std::move(staged_problems_[static_cast<size_t>(staged.problem)])});
  }
}

void RowCollector::finish() {
  const size_t rows = writer_.rows();
  SLUICE_ASSERT(meta_.row_time.size() == rows, "every kept row has its metadata");
  const size_t output_columns = plan_->scan().output_columns;
  const bool needs_all = plan_->needs_second_pass() || plan_->carries_whole_rows();
  std::vector<ColumnPtr> columns =
      writer_.take_columns(needs_all ? plan_->columns().size() : output_columns);
  if (!plan_->needs_second_pass()) {
    if (plan_->carries_whole_rows()) {
      std::vector<uint32_t> all(rows);
      std::iota(all.begin(), all.end(), 0);
      meta_.source_row = whole_rows_.write(columns, all, *allowance_);
      columns.resize(output_columns);
    }
    result_->rows = RecordBatch(plan_->scan().schema, std::move(columns), rows, std::move(meta_));
    return;
  }
  ReadRows read{.columns = std::move(columns),
                .rows = rows,
                .meta = std::move(meta_),
                .record_of_row = std::move(record_of_row_),
                .problems = std::move(pending_),
                .whole_rows = whole_rows_,
                .allowance = *allowance_};
  finish_in_second_pass(*plan_, std::move(read), *raw_, *clock_, *result_);
}

void RowCollector::write_metadata() {
  for (const size_t index : metadata_columns_) {
    const PlannedColumn& column = plan_->columns()[index];
    if (!is_needed(column)) continue;
    if (Status written = write_metadata_column(index, column.meta); !written) {
      const std::string_view key = record().key;
      const bool is_text = column.meta == MetaColumn::key && is_valid_text(key);
      report(index, std::move(written).error(), is_text ? std::optional(key) : std::nullopt);
    }
  }
}

Status RowCollector::write_metadata_column(size_t index, MetaColumn meta) {
  const RawRecord& from = record();
  switch (meta) {
    case MetaColumn::none:
      return {};
    case MetaColumn::offset:
      writer_.set(index, from.offset);
      return {};
    case MetaColumn::timestamp:
      writer_.set(index, from.timestamp_us);
      return {};
    case MetaColumn::topic:
      if (!raw_->origin) return {};
      if (topic_.empty()) topic_ = writer_.keep_text(raw_->origin->stream);
      writer_.set(index, topic_);
      return {};
    case MetaColumn::partition:
      if (!raw_->origin) return {};
      if (plan_->columns()[index].type.kind == TypeKind::integer) {
        writer_.set(index, raw_->origin->partition);
      } else {
        writer_.set(index, int64_t{raw_->origin->partition});
      }
      return {};
    case MetaColumn::key:
      if (from.key_is_null) return {};
      if (!is_valid_text(from.key)) {
        return fail(ErrorCode::column_invalid, "the record's key is not valid UTF-8 text");
      }
      return values_.write_text(index, from.key);
    case MetaColumn::headers: {
      headers_json_.clear();
      SLUICE_TRY(append_headers(*raw_, from, headers_json_));
      return values_.write_json(index, headers_json_);
    }
  }
  return {};
}

}  // namespace sluice
