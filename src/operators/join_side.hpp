// JoinSide: how a join of two inputs encodes the rows of one: their keys, by which partners are
// found, and the whole row, which is kept. Immutable; any thread.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "data/row_codec.hpp"

namespace sluice {

class JoinSide {
 public:
  JoinSide(const Schema& schema, std::vector<size_t> keys)
      : keys_(std::move(keys)),
        columns_(all_columns(schema)),
        key_codec_(types_of(schema, keys_)),
        row_codec_(types_of(schema)) {}

  // NULL equals nothing: such a row has no partner.
  bool has_null_key(const RecordBatch& batch, size_t row) const {
    return std::any_of(keys_.begin(), keys_.end(),
                       [&](size_t key) { return batch.column(key).is_null(row); });
  }
  // Both append to `out`.
  void encode_key(const RecordBatch& batch, size_t row, std::string& out) const {
    key_codec_.encode_key(batch, keys_, row, out);
  }
  void encode_row(const RecordBatch& batch, size_t row, std::string& out) const {
    row_codec_.encode(batch, columns_, row, out);
  }

 private:
  std::vector<size_t> keys_;
  std::vector<size_t> columns_;
  RowCodec key_codec_;
  RowCodec row_codec_;
};

}  // namespace sluice
