// JoinSide: how a join of two inputs encodes the rows of one: their keys, by which partners are
// found, and the whole row, which is kept. Immutable; any thread.
#pragma once

#include <string>
#include <vector>

#include "data/key_encoder.hpp"
#include "data/row_codec.hpp"

namespace sluice {

class JoinSide {
 public:
  JoinSide(const Schema& schema, std::vector<size_t> keys)
      : columns_(all_columns(schema)),
        key_encoder_(schema, std::move(keys)),
        row_codec_(types_of(schema)) {}

  // NULL equals nothing: such a row has no partner.
  bool has_null_key(const RecordBatch& batch, size_t row) const {
    return key_encoder_.has_null(batch, row);
  }
  void encode_keys(const RecordBatch& batch, BatchKeys& keys) const {
    key_encoder_.encode(batch, keys);
  }
  // Appends to `out`.
  void encode_row(const RecordBatch& batch, size_t row, std::string& out) const {
    row_codec_.encode(batch, columns_, row, out);
  }

 private:
  std::vector<size_t> columns_;
  KeyEncoder key_encoder_;
  RowCodec row_codec_;
};

}  // namespace sluice
