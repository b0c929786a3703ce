// RecordBatch: rows under one Schema, the unit of work. Columns are shared and immutable; the batch
// itself is a movable value owned by whoever processes it. Rows are dense: a filter gathers what it
// keeps, so that no operator has to look through a selection.
//
// Beside the SQL columns travel the system columns of RowMeta; each is empty (its default holds for
// every row) or has one entry per row.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/column.hpp"
#include "data/schema.hpp"

namespace sluice {

// What a row does to the relation: +I -U +U -D.
enum class RowKind : uint8_t { insert, update_before, update_after, delete_row };

inline bool is_addition(RowKind kind) {
  return kind == RowKind::insert || kind == RowKind::update_after;
}
// "+I", "-U", "+U", "-D"
const char* row_kind_text(RowKind kind);

// `seen` of a row that was not behind its partition's watermark.
constexpr int64_t not_behind = INT64_MIN;

// Where rows were read, for dead letters up to the first stateful step.
struct Origin {
  std::string stream;  // topic or file
  int32_t partition = 0;
};

struct RowMeta {
  std::vector<RowKind> kind;  // empty: all insert
  std::vector<int64_t>
      seen;  // the row's own partition's watermark just before it, when the row was behind it
  std::vector<int64_t>
      row_time;                 // event time, or the record's own timestamp without one; drives TTL
  std::vector<int64_t> offset;  // position in `origin`; empty after the first stateful step
  std::shared_ptr<const Origin> origin;
  // JSON (jsonb): the row's whole row in its source, for dead letters; null, or NULL in a row: none
  // is carried. Like the position it ends at the first step that makes rows of its own.
  ColumnPtr source_row;

  bool has_source_row(size_t row) const { return source_row && !source_row->is_null(row); }
  RowMeta gather(const std::vector<uint32_t>& rows) const;
  RowMeta slice(size_t offset, size_t size) const;
};

class RecordBatch {
 public:
  RecordBatch() = default;
  RecordBatch(SchemaPtr schema, std::vector<ColumnPtr> columns, size_t rows, RowMeta meta = {});

  const SchemaPtr& schema() const { return schema_; }
  size_t rows() const { return rows_; }
  bool empty() const { return rows_ == 0; }
  const Column& column(size_t index) const { return *columns_[index]; }
  const std::vector<ColumnPtr>& columns() const { return columns_; }
  const RowMeta& meta() const { return meta_; }
  RowMeta& meta() { return meta_; }

  RowKind kind(size_t row) const { return meta_.kind.empty() ? RowKind::insert : meta_.kind[row]; }
  int64_t seen(size_t row) const { return meta_.seen.empty() ? not_behind : meta_.seen[row]; }
  int64_t row_time(size_t row) const { return meta_.row_time.empty() ? 0 : meta_.row_time[row]; }

  RecordBatch gather(const std::vector<uint32_t>& rows) const;
  // The same with their text copied, so that what crosses to another task or waits for long does
  // not keep alive the documents it was read from.
  RecordBatch gather_owned(const std::vector<uint32_t>& rows) const;
  RecordBatch slice(size_t offset, size_t size) const;
  // Of the values and of all text that they keep alive.
  uint64_t allocated_bytes() const;
  // The same rows under other columns: projection.
  RecordBatch with_columns(SchemaPtr schema, std::vector<ColumnPtr> columns) const;

 private:
  SchemaPtr schema_;
  std::vector<ColumnPtr> columns_;
  size_t rows_ = 0;
  RowMeta meta_;
};

// Batches of one schema, one after the other. Origins are dropped where they differ.
RecordBatch concatenate(const std::vector<RecordBatch>& batches);

}  // namespace sluice
