// KeyEncoder: the grouping keys of a batch as bytes with their hashes, a batch at a time. The bytes
// are RowCodec::encode_key's, so that a key lands in the key group that the exchange before the
// operator chose. Immutable after construction; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/row_codec.hpp"

namespace sluice {

// The keys of the rows of one batch. Used again for the next.
struct EncodedKeys {
  std::string bytes;
  std::vector<uint32_t> offsets;  // rows + 1
  std::vector<uint64_t> hashes;

  size_t size() const { return hashes.size(); }
  std::string_view key(size_t row) const {
    return {bytes.data() + offsets[row], offsets[row + 1] - offsets[row]};
  }
};

class KeyEncoder {
 public:
  KeyEncoder(const Schema& schema, std::vector<size_t> columns);

  void encode(const RecordBatch& batch, EncodedKeys& keys) const;
  // True when a key's bytes also read back to its values; else encode_values has to be kept too
  // (1.0 and 1.00 are one key, printed as the row had it).
  bool keys_hold_values() const { return keys_hold_values_; }
  void encode_values(const RecordBatch& batch, size_t row, std::string& out) const;
  // Appends the values of bytes that hold values, one per builder.
  Status decode(std::string_view bytes, std::vector<ColumnBuilder>& builders) const;

  const std::vector<size_t>& columns() const { return columns_; }

 private:
  void encode_texts(const Column& column, EncodedKeys& keys) const;
  template <class T>
  void encode_fixed(const Column& column, EncodedKeys& keys) const;

  std::vector<size_t> columns_;
  RowCodec codec_;
  bool keys_hold_values_;
};

}  // namespace sluice
