// Rows in state are bytes of RowCodec; EncodedRows turns them back into batches, and little-endian
// numbers into bytes and back for the fixed parts of state entries. One owner, one thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "data/row_codec.hpp"

namespace sluice {

template <class Number>
void append_number(Number number, std::string& out) {
  char bytes[sizeof(Number)];
  std::memcpy(bytes, &number, sizeof(Number));
  out.append(bytes, sizeof(Number));
}
// Removes a number from the front of `bytes`. False when they are too short.
template <class Number>
bool take_number(std::string_view& bytes, Number& number) {
  if (bytes.size() < sizeof(Number)) return false;
  std::memcpy(&number, bytes.data(), sizeof(Number));
  bytes.remove_prefix(sizeof(Number));
  return true;
}

// Builds columns from encoded rows.
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
