// Partial aggregates as rows: what aggregating before an exchange sends instead of the rows it has
// folded. A batch has the columns of those rows and behind them two of bytes: the key and the value
// of the aggregate's state entry (aggregate_table.hpp). It is partial as a whole, then only the
// grouping keys among the other columns are filled; or it holds rows as they came, then the two are
// NULL. Either way the exchange hashes the same columns. Never leaves the process.
#pragma once

#include <vector>

#include "data/record_batch.hpp"
#include "operators/aggregates/aggregate_table.hpp"

namespace sluice {

SchemaPtr partial_schema(const Schema& rows);

// Rows as they came, in a batch of `schema`, which is partial_schema of theirs; and back.
RecordBatch carry_rows(const RecordBatch& batch, const SchemaPtr& schema);
RecordBatch carried_rows(const RecordBatch& batch, const SchemaPtr& rows);

bool is_partial(const RecordBatch& batch);
// The entry of a partial row; its bytes live as long as the batch.
StateEntry partial_entry(const RecordBatch& batch, size_t row);

// Gathers the keys of tables whose layout is given, one row for each. One thread; used again.
class PartialRows final : private StateWriter {
 public:
  // `schema`: partial_schema of the layout's input. Borrowed layout.
  PartialRows(const AggregateLayout& layout, SchemaPtr schema);

  // All keys of a table, in the order of their ids.
  Status add(AggregateTable& table);
  // What was added. `row_times`: empty, or one for each.
  RecordBatch take(std::vector<int64_t> row_times);

 private:
  SnapshotKind kind() const override { return SnapshotKind::full; }
  void put(uint8_t table, KeyGroup group, std::string_view key, std::string_view value) override;
  void remove(uint8_t table, KeyGroup group, std::string_view key) override;

  const AggregateLayout& layout_;
  SchemaPtr schema_;
  std::vector<ColumnBuilder> keys_;  // in the order of the layout's
  ColumnBuilder entry_keys_;
  ColumnBuilder entry_values_;
  size_t rows_ = 0;
};

}  // namespace sluice
