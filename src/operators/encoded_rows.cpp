#include "operators/encoded_rows.hpp"

namespace sluice {

EncodedRows::EncodedRows(const Schema& schema) : codec_(types_of(schema)) {
  for (const Field& field : schema.fields()) builders_.emplace_back(field.type);
}

void EncodedRows::finish(std::vector<ColumnPtr>& columns) {
  for (ColumnBuilder& builder : builders_) columns.push_back(builder.finish());
  rows_ = 0;
}

}  // namespace sluice
