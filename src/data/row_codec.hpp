// RowCodec: rows as bytes, for state, spools and keys. Two encodings of a list of columns:
// encode: compact, reads back to the same values (numeric scale kept).
// encode_key: equal bytes exactly for values that are equal in SQL (1.0 = 1.00; NULL = NULL, as in
// GROUP BY). Immutable after construction; const methods may be called from any thread. The byte
// layout is documented in row_codec.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "data/record_batch.hpp"

namespace sluice {

class RowCodec {
 public:
  explicit RowCodec(std::vector<Type> types) : types_(std::move(types)) {}

  // Appends the row's values in the columns `indexes` (their types are this codec's) to `out`.
  void encode(const RecordBatch& batch, const std::vector<size_t>& indexes, size_t row,
              std::string& out) const;
  void encode_key(const RecordBatch& batch, const std::vector<size_t>& indexes, size_t row,
                  std::string& out) const;
  // Appends the values of `bytes` (made by encode) to one builder per column. Error state_corrupt
  // on malformed bytes.
  Status decode(std::string_view bytes, std::vector<ColumnBuilder>& builders) const;

  const std::vector<Type>& types() const { return types_; }

 private:
  std::vector<Type> types_;
};

}  // namespace sluice
