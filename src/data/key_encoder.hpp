// KeyEncoder: the keys of a batch's rows as bytes with their hashes, a batch at a time. The bytes
// are RowCodec::encode_key's and choose the key group, so that whoever deals with a row by its key,
// the router before an operator or the operator, means the same; the hashes are for tables.
// Immutable after construction; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/batch_keys.hpp"
#include "data/row_codec.hpp"

namespace sluice {

class KeyEncoder {
 public:
  KeyEncoder(const Schema& schema, std::vector<size_t> columns);

  void encode(const RecordBatch& batch, BatchKeys& keys) const;
  // Without their hashes, where no table is asked.
  void encode_bytes(const RecordBatch& batch, BatchKeys& keys) const;
  // NULL equals nothing in a join; in GROUP BY it is a key like others.
  bool has_null(const RecordBatch& batch, size_t row) const;
  // True when a key's bytes also read back to its values; else encode_values has to be kept too
  // (1.0 and 1.00 are one key, printed as the row had it).
  bool keys_hold_values() const { return keys_hold_values_; }
  void encode_values(const RecordBatch& batch, size_t row, std::string& out) const;
  // Appends the values of bytes that hold values, one per builder.
  Status decode(std::string_view bytes, std::vector<ColumnBuilder>& builders) const;

  const std::vector<size_t>& columns() const { return columns_; }

 private:
  void encode_texts(const Column& column, BatchKeys& keys) const;
  template <class T>
  void encode_fixed(const Column& column, BatchKeys& keys) const;

  std::vector<size_t> columns_;
  RowCodec codec_;
  bool keys_hold_values_;
};

}  // namespace sluice
