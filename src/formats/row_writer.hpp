// RowWriter: the columns of the batch being decoded, filled row by row. A row is written value by
// value and then kept with finish_row, or simply begun anew. Text is stored as views: into the raw
// batch's arena, or, copied with keep_text, into the writer's own. Buffers are made once per batch:
// nothing is allocated per row or value. Owned by one decoder, one thread.
#pragma once

#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "data/column.hpp"
#include "data/schema.hpp"

namespace sluice {

class RowWriter {
 public:
  explicit RowWriter(SchemaPtr schema);

  // Text may point into `raw`, which the columns keep alive. Texts that are copied, and more rows
  // than expected, are taken of the allowance, which outlives the batch: throws AllowanceExceeded.
  void start_batch(size_t expected_rows, ArenaPtr raw, Allowance& allowance);
  Allowance& allowance() const { return *allowance_; }
  // Forgets the values of the row being written.
  void start_row() {
    if (rows_ == capacity_) [[unlikely]]
      grow(capacity_ * 2);
    std::memset(is_set_.data(), 0, is_set_.size());
    set_count_ = 0;
  }
  // The value of a column in the current row, not NULL. T is the type's representation.
  template <class T>
  void set(size_t column, T value) {
    reinterpret_cast<T*>(values_[column])[rows_] = value;
    set_count_ += 1 - is_set_[column];
    is_set_[column] = 1;
  }
  bool is_set(size_t column) const { return is_set_[column] != 0; }
  template <class T>
  T get(size_t column) const {
    return reinterpret_cast<const T*>(values_[column])[rows_];
  }
  // A copy that lives as long as the batch.
  std::string_view keep_text(std::string_view text);

  // Keeps the current row; what was not set is NULL.
  void finish_row() {
    if (set_count_ != columns_.size()) write_nulls();
    ++rows_;
  }
  size_t rows() const { return rows_; }
  // Drops the rows from `rows` on.
  void truncate(size_t rows);

  // The first `count` columns. The writer is empty afterwards, until the next start_batch.
  std::vector<ColumnPtr> take_columns(size_t count);

 private:
  void grow(size_t capacity);
  void write_nulls();

  SchemaPtr schema_;
  std::vector<std::shared_ptr<Column>> columns_;
  std::vector<std::byte*> values_;               // of the columns
  std::vector<std::vector<uint64_t>> validity_;  // empty: no NULL so far
  std::vector<uint8_t> is_set_;                  // of the current row
  size_t set_count_ = 0;
  size_t rows_ = 0;
  size_t capacity_ = 0;
  size_t row_bytes_ = 0;  // of the values of a row
  Allowance* allowance_ = nullptr;
  ArenaPtr raw_;
  std::shared_ptr<Arena> own_;
};

}  // namespace sluice
