#include "testing/collected_rows.hpp"

#include <algorithm>

#include "data/column_text.hpp"

namespace sluice {

namespace {

std::string key_of(const TestCells& row, const Folding& folding) {
  std::string key;
  const auto append = [&](const TestCell& cell) {
    key += std::to_string(cell.key.size()) + ":" + cell.key;
  };
  if (folding.kind == Folding::Kind::by_row) {
    for (const TestCell& cell : row) append(cell);
  } else {
    for (const size_t column : folding.key) append(row[column]);
  }
  return key;
}

// Rows in order of arrival, by key.
class Fold {
 public:
  explicit Fold(const Folding& folding) : folding_(folding) {}

  Status apply(RowKind kind, TestCells row) {
    const bool is_addition = sluice::is_addition(kind);
    const bool replaces = folding_.kind == Folding::Kind::by_key;
    const std::string key = key_of(row, folding_);
    const auto same = std::find_if(rows_.begin(), rows_.end(),
                                   [&](const auto& entry) { return entry.first == key; });
    if (is_addition) {
      if (replaces && same != rows_.end()) {
        same->second = std::move(row);
      } else {
        rows_.emplace_back(key, std::move(row));
      }
      return {};
    }
    if (same != rows_.end()) {
      rows_.erase(same);
    } else if (!replaces) {
      return fail(ErrorCode::internal, "a row was taken back that had not been sent");
    }
    return {};
  }

  std::vector<TestCells> take() {
    std::vector<TestCells> rows;
    for (auto& [key, row] : rows_) rows.push_back(std::move(row));
    return rows;
  }

 private:
  const Folding& folding_;
  std::vector<std::pair<std::string, TestCells>> rows_;
};

}  // namespace

RowCodec codec_of_rows(const Schema& schema) {
  std::vector<Type> types;
  for (const Field& field : schema.fields()) types.push_back(field.type);
  return RowCodec(std::move(types));
}

TestCell cell_of(const ColumnPtr& column, size_t row, const TimeZone& zone) {
  TestCell cell;
  const auto schema = std::make_shared<Schema>(std::vector<Field>{{"value", column->type()}});
  RowCodec({column->type()})
      .encode_key(RecordBatch(schema, {column}, column->size()), {0}, row, cell.key);
  if (column->is_null(row)) return cell;
  cell.text.emplace();
  format_value(*column, row, zone, *cell.text);
  return cell;
}

Result<std::vector<TestCells>> fold_rows(const std::vector<std::string>& operations,
                                         const SchemaPtr& schema, const Folding& folding,
                                         const TimeZone& zone) {
  const RowCodec codec = codec_of_rows(*schema);
  std::vector<ColumnBuilder> builders;
  for (const Field& field : schema->fields()) builders.emplace_back(field.type);
  for (const std::string& operation : operations)
    SLUICE_TRY(codec.decode(std::string_view(operation).substr(1), builders));
  std::vector<ColumnPtr> columns;
  for (ColumnBuilder& builder : builders) columns.push_back(builder.finish());
  Fold fold(folding);
  for (size_t row = 0; row < operations.size(); ++row) {
    TestCells cells;
    for (const ColumnPtr& column : columns) cells.push_back(cell_of(column, row, zone));
    SLUICE_TRY(fold.apply(static_cast<RowKind>(operations[row].front()), std::move(cells)));
  }
  return fold.take();
}

}  // namespace sluice
