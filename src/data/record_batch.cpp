#include "data/record_batch.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace sluice {

namespace {

template <class T>
std::vector<T> gather_values(const std::vector<T>& values, const std::vector<uint32_t>& rows) {
  std::vector<T> result;
  if (values.empty()) return result;
  result.reserve(rows.size());
  for (const uint32_t row : rows) result.push_back(values[row]);
  return result;
}

template <class T>
std::vector<T> slice_values(const std::vector<T>& values, size_t offset, size_t size) {
  if (values.empty()) return {};
  const auto first = values.begin() + static_cast<ptrdiff_t>(offset);
  return {first, first + static_cast<ptrdiff_t>(size)};
}

// Appends one batch's system column, filling with the default where only some batches have it.
template <class T>
void append_values(std::vector<T>& to, const std::vector<T>& from, size_t before, size_t rows,
                   T missing) {
  if (from.empty() && to.empty()) return;
  to.resize(before, missing);
  if (from.empty()) {
    to.resize(before + rows, missing);
  } else {
    to.insert(to.end(), from.begin(), from.end());
  }
}

// Null where no batch carries any.
ColumnPtr concatenate_source_rows(const std::vector<RecordBatch>& batches) {
  bool is_carried = false;
  std::vector<ColumnPtr> parts;
  for (const RecordBatch& batch : batches) {
    const ColumnPtr& carried = batch.meta().source_row;
    is_carried = is_carried || carried;
    parts.push_back(carried ? carried : null_column(Type{TypeKind::jsonb}, batch.rows()));
  }
  return is_carried ? concatenate(parts) : nullptr;
}

}  // namespace

const char* row_kind_text(RowKind kind) {
  constexpr const char* texts[] = {"+I", "-U", "+U", "-D"};
  return texts[static_cast<size_t>(kind)];
}

RowMeta RowMeta::gather(const std::vector<uint32_t>& rows) const {
  return {gather_values(kind, rows),
          gather_values(seen, rows),
          gather_values(row_time, rows),
          gather_values(offset, rows),
          origin,
          source_row ? sluice::gather(*source_row, rows) : nullptr};
}

RowMeta RowMeta::slice(size_t first, size_t size) const {
  return {slice_values(kind, first, size),
          slice_values(seen, first, size),
          slice_values(row_time, first, size),
          slice_values(offset, first, size),
          origin,
          source_row ? sluice::slice(*source_row, first, size) : nullptr};
}

RecordBatch::RecordBatch(SchemaPtr schema, std::vector<ColumnPtr> columns, size_t rows,
                         RowMeta meta)
    : schema_(std::move(schema)),
      columns_(std::move(columns)),
      rows_(rows),
      meta_(std::move(meta)) {
  SLUICE_ASSERT(columns_.size() == schema_->size(), "a batch has a column for every field");
  for (const ColumnPtr& column : columns_) {
    SLUICE_ASSERT(column->size() == rows_, "the columns of a batch have its number of rows");
  }
}

RecordBatch RecordBatch::gather(const std::vector<uint32_t>& rows) const {
  std::vector<ColumnPtr> columns;
  columns.reserve(columns_.size());
  for (const ColumnPtr& column : columns_) columns.push_back(sluice::gather(*column, rows));
  return RecordBatch(schema_, std::move(columns), rows.size(), meta_.gather(rows));
}

RecordBatch RecordBatch::gather_owned(const std::vector<uint32_t>& rows) const {
  uint64_t bytes = 0;
  for (const ColumnPtr& column : columns_) bytes += text_bytes(*column, rows);
  if (meta_.source_row) bytes += text_bytes(*meta_.source_row, rows);
  const auto arena = std::make_shared<Arena>();
  arena->reserve(bytes);
  std::vector<ColumnPtr> columns;
  columns.reserve(columns_.size());
  for (const ColumnPtr& column : columns_) {
    columns.push_back(sluice::gather_owned(*column, rows, arena));
  }
  RowMeta meta = meta_.gather(rows);
  if (meta_.source_row) meta.source_row = sluice::gather_owned(*meta_.source_row, rows, arena);
  return RecordBatch(schema_, std::move(columns), rows.size(), std::move(meta));
}

uint64_t RecordBatch::allocated_bytes() const {
  uint64_t bytes = 0;
  std::vector<const Arena*> counted;
  const auto count = [&](const Column& column) {
    bytes += column.size() * value_width(column.type().kind);
    for (const ArenaPtr& arena : column.arenas()) {
      if (std::find(counted.begin(), counted.end(), arena.get()) != counted.end()) continue;
      counted.push_back(arena.get());
      bytes += arena->allocated_bytes();
    }
  };
  for (const ColumnPtr& column : columns_) count(*column);
  if (meta_.source_row) count(*meta_.source_row);
  return bytes;
}

RecordBatch RecordBatch::slice(size_t offset, size_t size) const {
  std::vector<ColumnPtr> columns;
  columns.reserve(columns_.size());
  for (const ColumnPtr& column : columns_) columns.push_back(sluice::slice(*column, offset, size));
  return RecordBatch(schema_, std::move(columns), size, meta_.slice(offset, size));
}

RecordBatch RecordBatch::with_columns(SchemaPtr schema, std::vector<ColumnPtr> columns) const {
  return RecordBatch(std::move(schema), std::move(columns), rows_, meta_);
}

RecordBatch concatenate(const std::vector<RecordBatch>& batches) {
  SLUICE_ASSERT(!batches.empty(), "nothing to concatenate");
  const RecordBatch& first = batches.front();
  std::vector<ColumnPtr> columns;
  for (size_t i = 0; i < first.columns().size(); ++i) {
    std::vector<ColumnPtr> parts;
    for (const RecordBatch& batch : batches) parts.push_back(batch.columns()[i]);
    columns.push_back(concatenate(parts));
  }
  RowMeta meta;
  meta.origin = first.meta().origin;
  size_t rows = 0;
  for (const RecordBatch& batch : batches) {
    const RowMeta& from = batch.meta();
    append_values(meta.kind, from.kind, rows, batch.rows(), RowKind::insert);
    append_values(meta.seen, from.seen, rows, batch.rows(), not_behind);
    append_values(meta.row_time, from.row_time, rows, batch.rows(), int64_t{0});
    append_values(meta.offset, from.offset, rows, batch.rows(), int64_t{-1});
    if (from.origin != meta.origin) meta.origin = nullptr;
    rows += batch.rows();
  }
  if (!meta.origin) meta.offset.clear();
  meta.source_row = concatenate_source_rows(batches);
  return RecordBatch(first.schema(), std::move(columns), rows, std::move(meta));
}

}  // namespace sluice
