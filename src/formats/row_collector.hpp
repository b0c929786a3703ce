// RowCollector: gathers the rows of one batch for every decoder: it decides what becomes of each
// row (kept, filtered, failed), shows event times to the partition's clock, fills the metadata and
// counts. Every row counts in exactly one way, and a record that cannot be read as one failed row:
// rows_read = rows + rows_filtered + failures.
//
// Owned by one decoder, one thread. Order of calls: start; per record start_record, then
// fail_record or skip_record, or per row start_row, values, stage_row, and after them commit or
// discard; finish. Rows become part of the batch only at commit, so that a record which breaks off
// half way leaves nothing behind.
//
// A row is bad only if the pipeline needs it: one that the filter drops fails only for its event
// time, or for a column that the filter itself needs and that no early test made needless.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/row_writer.hpp"
#include "formats/scan_plan.hpp"
#include "formats/second_pass.hpp"
#include "formats/value_writer.hpp"
#include "formats/whole_rows.hpp"

namespace sluice {

class RowCollector {
 public:
  explicit RowCollector(std::shared_ptr<const ScanPlan> plan);

  // The four outlive the batch; `result` is emptied. What follows throws AllowanceExceeded, and
  // then all begins anew.
  void start(const RawBatch& raw, PartitionClock& clock, Allowance& allowance,
             DecodeResult& result);
  void start_record(uint32_t index);
  const RawRecord& record() const { return raw_->records[record_]; }
  void fail_record(ErrorCode code, std::string message);
  void skip_record();

  void start_row() {
    writer_.start_row();
    is_dropped_ = false;
    has_problem_ = false;
  }
  // Early tests have dropped the row: only its event time still matters.
  bool is_dropped() const { return is_dropped_; }
  bool is_needed(const PlannedColumn& column) const {
    return !is_dropped_ || column.gravity == Gravity::always;
  }
  ValueWriter& values() { return values_; }
  // A copy that lives as long as the batch.
  std::string_view keep_text(std::string_view text) { return writer_.keep_text(text); }
  // The value of a text column: kept as it is, and put to the column's early test.
  void set_text(const PlannedColumn& column, size_t index, std::string_view text) {
    writer_.set(index, text);
    if (column.early_test != nullptr && !column.early_test->passes(text)) is_dropped_ = true;
  }
  // The gravest problem of a row counts, the first among equals; that of a carried column is none.
  // `text`: what the column holds, if that can be shown.
  void report(size_t column, Error error, std::optional<std::string_view> text = {});
  void report_row(Error error);
  // Of the row being read, carried columns cannot be told from its text.
  void report_unreadable(std::string_view text) { whole_rows_.note_unreadable(text); }

  void stage_row();
  // All rows staged since start_record become rows, failures or filtered ones.
  void commit(RowKind kind);
  // The same with a kind for each of them.
  void commit(std::span<const RowKind> kinds);
  void discard();

  // Evaluates what needs whole columns and fills the result.
  void finish();

 private:
  enum class Fate : uint8_t { kept, filtered, failed };
  struct StagedRow {
    Fate fate = Fate::kept;
    bool has_event_time = false;  // one that a row may have
    bool has_read_time = false;   // or one that is too far ahead
    int64_t event_time = 0;
    int32_t problem = -1;  // index into staged_problems_
  };
  void report(RowProblem problem);
  void write_metadata();
  Status write_metadata_column(size_t index, MetaColumn meta);
  void test_missing();
  void check_required();
  bool is_bad(size_t column) const;
  void read_event_time(StagedRow& staged);
  Fate decide() const;
  void keep(const StagedRow& staged, RowKind kind, int64_t seen);
  void fail_row(RowProblem problem, std::optional<int64_t> event_time, int64_t seen);

  std::shared_ptr<const ScanPlan> plan_;
  RowWriter writer_;
  ValueWriter values_;
  WholeRows whole_rows_;
  std::vector<size_t> metadata_columns_;
  std::vector<size_t> required_columns_;
  std::string headers_json_;

  const RawBatch* raw_ = nullptr;
  PartitionClock* clock_ = nullptr;
  Allowance* allowance_ = nullptr;
  DecodeResult* result_ = nullptr;
  std::string_view topic_;  // in the batch's own memory; empty until a row needs it

  uint32_t record_ = 0;
  int64_t seen_of_record_ = not_behind;
  size_t first_row_of_record_ = 0;
  bool is_dropped_ = false;
  bool has_problem_ = false;
  RowProblem problem_;
  std::vector<size_t> bad_columns_;  // of the current row
  std::vector<StagedRow> staged_;
  std::vector<RowProblem> staged_problems_;
  std::vector<RowKind> kinds_;

  RowMeta meta_;
  std::vector<uint32_t> record_of_row_;  // filled only for the second pass
  std::vector<PendingProblem> pending_;
};

}  // namespace sluice
