#include "operators/aggregates/partial_rows.hpp"

#include <utility>

#include "base/assert.hpp"

namespace sluice {

namespace {

// What stands behind the columns of the rows: a key's entry. NULL in rows as they came.
enum EntryColumn : size_t { entry_key, entry_value, entry_columns };
constexpr const char* entry_names[entry_columns] = {"entry_key", "entry_value"};

size_t place_of(EntryColumn column, size_t all_columns) {
  return all_columns - entry_columns + column;
}

const Column& entry_column(const RecordBatch& batch, EntryColumn column) {
  return batch.column(place_of(column, batch.columns().size()));
}

}  // namespace

SchemaPtr partial_schema(const Schema& rows) {
  std::vector<Field> fields = rows.fields();
  for (const char* name : entry_names) fields.push_back({name, Type{TypeKind::text}});
  return std::make_shared<const Schema>(std::move(fields));
}

RecordBatch carry_rows(const RecordBatch& batch, const SchemaPtr& schema) {
  std::vector<ColumnPtr> columns = batch.columns();
  columns.resize(schema->size(), null_column(Type{TypeKind::text}, batch.rows()));
  return batch.with_columns(schema, std::move(columns));
}

RecordBatch carried_rows(const RecordBatch& batch, const SchemaPtr& rows) {
  std::vector<ColumnPtr> columns = batch.columns();
  columns.resize(rows->size());
  return batch.with_columns(rows, std::move(columns));
}

bool is_partial(const RecordBatch& batch) { return !entry_column(batch, entry_key).is_null(0); }

StateEntry partial_entry(const RecordBatch& batch, size_t row) {
  StateEntry entry;
  entry.table = AggregateTable::entry_table;
  entry.key = entry_column(batch, entry_key).values<std::string_view>()[row];
  entry.value = entry_column(batch, entry_value).values<std::string_view>()[row];
  return entry;
}

PartialRows::PartialRows(const AggregateLayout& layout, SchemaPtr schema)
    : layout_(layout),
      schema_(std::move(schema)),
      entry_keys_(Type{TypeKind::text}),
      entry_values_(Type{TypeKind::text}) {
  for (const size_t column : layout_.keys.columns()) keys_.emplace_back((*schema_)[column].type);
}

Status PartialRows::add(AggregateTable& table) {
  for (const uint32_t id : table.live_ids()) SLUICE_TRY(table.append_key(id, keys_));
  table.snapshot(*this);
  return {};
}

void PartialRows::put(uint8_t table, KeyGroup, std::string_view key, std::string_view value) {
  SLUICE_ASSERT(table == AggregateTable::entry_table, "elements do not cross an exchange");
  entry_keys_.append_copy(key);
  entry_values_.append_copy(value);
  ++rows_;
}

void PartialRows::remove(uint8_t, KeyGroup, std::string_view) {
  SLUICE_ASSERT(false, "a full snapshot removes nothing");
}

RecordBatch PartialRows::take(std::vector<int64_t> row_times) {
  std::vector<ColumnPtr> columns(schema_->size());
  for (size_t i = 0; i < keys_.size(); ++i) columns[layout_.keys.columns()[i]] = keys_[i].finish();
  for (size_t i = 0; i + entry_columns < columns.size(); ++i) {
    if (!columns[i]) columns[i] = null_column((*schema_)[i].type, rows_);
  }
  columns[place_of(entry_key, columns.size())] = entry_keys_.finish();
  columns[place_of(entry_value, columns.size())] = entry_values_.finish();
  RowMeta meta;
  meta.row_time = std::move(row_times);
  return RecordBatch(schema_, std::move(columns), std::exchange(rows_, 0), std::move(meta));
}

}  // namespace sluice
