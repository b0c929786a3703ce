// Rows in state are bytes of RowCodec; EncodedRows turns them back into batches. One owner, one
// thread.
#pragma once

#include <string_view>
#include <vector>

#include "data/row_codec.hpp"

namespace sluice {

class EncodedRows {
 public:
  explicit EncodedRows(const Schema& schema);

  Status add(std::string_view row) {
    ++rows_;
    return codec_.decode(row, builders_);
  }
  void add_nulls() {
    ++rows_;
    for (ColumnBuilder& builder : builders_) builder.append_null();
  }
  size_t rows() const { return rows_; }
  // Appends the columns to `columns`; empty afterwards.
  void finish(std::vector<ColumnPtr>& columns);

 private:
  RowCodec codec_;
  std::vector<ColumnBuilder> builders_;
  size_t rows_ = 0;
};

}  // namespace sluice
