// WholeRows: writes what RowMeta::source_row holds of a batch being decoded: each row as a JSON
// object of all the source's columns, with values as in any dead letter. What no step needs must
// not make a row bad, so of a carried column:
// - what is no value of its type stands as its text, in a JSON string; without a text, and in a
//   column that is computed from such a value or cannot be computed, it is left out;
// - where the record can only be read as far as the steps need it, the row is the record's text,
//   as one JSON string.
//
// Part of one RowCollector, one thread. Order of calls: start_batch; what is odd about a row before
// its finish_row; leave_out of a finished row; write. Costs nothing where rows carry none.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/scan_plan.hpp"

namespace sluice {

class WholeRows {
 public:
  explicit WholeRows(const ScanPlan& plan);

  void start_batch() { odd_rows_.clear(); }
  // Of the row being read: the column holds this text, which is no value; none: nothing to show.
  void note_bad_value(size_t column, std::optional<std::string_view> text);
  // Of the row being read, and in place of all that was noted: only this text can be shown.
  void note_unreadable(std::string_view text) { current_ = {std::string(text), {}}; }
  // The row being read is kept as row number `row` of the batch, or, without one, is not.
  void finish_row(std::optional<size_t> row);
  // Rows from `rows` on are dropped, and so is the row being read.
  void truncate(size_t rows);
  void leave_out(size_t row, size_t column) { odd_rows_[row].columns[column] = std::nullopt; }

  // Of the chosen rows; `columns` are all of the plan. Null where rows carry none. Throws
  // AllowanceExceeded.
  ColumnPtr write(const std::vector<ColumnPtr>& columns, std::span<const uint32_t> rows,
                  Allowance& allowance) const;

 private:
  struct OddRow {
    std::optional<std::string> text;                       // of the whole row
    std::map<size_t, std::optional<std::string>> columns;  // none: left out
    bool is_odd() const { return text || !columns.empty(); }
  };
  // A column of the row; `index` counts in the plan.
  struct Part {
    size_t index;
    std::string key;            // "name":
    std::vector<size_t> reads;  // what a carried column is computed from
  };
  void append_row(const std::vector<ColumnPtr>& columns, uint32_t row, std::string& out) const;
  static bool is_left_out(const Part& part, const OddRow& odd);

  std::vector<Part> parts_;
  OddRow current_;
  std::map<size_t, OddRow> odd_rows_;
};

}  // namespace sluice
