#include "operators/encoded_rows.hpp"

#include <numeric>

namespace sluice {

std::vector<Type> types_of(const Schema& schema) { return types_of(schema, all_columns(schema)); }

std::vector<Type> types_of(const Schema& schema, const std::vector<size_t>& columns) {
  std::vector<Type> types;
  for (const size_t column : columns) types.push_back(schema[column].type);
  return types;
}

std::vector<size_t> all_columns(const Schema& schema) {
  std::vector<size_t> columns(schema.size());
  std::iota(columns.begin(), columns.end(), size_t{0});
  return columns;
}

EncodedRows::EncodedRows(const Schema& schema) : codec_(types_of(schema)) {
  for (const Field& field : schema.fields()) builders_.emplace_back(field.type);
}

void EncodedRows::finish(std::vector<ColumnPtr>& columns) {
  for (ColumnBuilder& builder : builders_) columns.push_back(builder.finish());
  rows_ = 0;
}

}  // namespace sluice
