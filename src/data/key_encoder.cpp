#include "data/key_encoder.hpp"

#include <algorithm>
#include <cstring>

#include "base/assert.hpp"
#include "base/checksum.hpp"
#include "values/canonical_value.hpp"

namespace sluice {

namespace {

// The NULL bits of a row of one column.
constexpr char present = 0;
constexpr char absent = 1;
// NULL bits and the longest LEB128 length.
constexpr size_t text_overhead_bytes = 6;

}  // namespace

KeyEncoder::KeyEncoder(const Schema& schema, std::vector<size_t> columns)
    : columns_(std::move(columns)), codec_(types_of(schema, columns_)) {
  keys_hold_values_ = std::none_of(codec_.types().begin(), codec_.types().end(), has_several_forms);
}

void KeyEncoder::encode_texts(const Column& column, BatchKeys& keys) const {
  const auto* texts = column.values<std::string_view>();
  size_t bound = 0;
  for (size_t row = 0; row < column.size(); ++row) bound += texts[row].size() + text_overhead_bytes;
  keys.bytes.resize(bound);
  char* const start = keys.bytes.data();
  char* out = start;
  for (size_t row = 0; row < column.size(); ++row) {
    keys.offsets.push_back(static_cast<uint32_t>(out - start));
    if (column.is_null(row)) {
      *out++ = absent;
      continue;
    }
    *out++ = present;
    size_t length = texts[row].size();
    for (; length >= 0x80; length >>= 7) *out++ = static_cast<char>(length | 0x80);
    *out++ = static_cast<char>(length);
    if (!texts[row].empty()) std::memcpy(out, texts[row].data(), texts[row].size());
    out += texts[row].size();
  }
  keys.bytes.resize(static_cast<size_t>(out - start));
}

template <class T>
void KeyEncoder::encode_fixed(const Column& column, BatchKeys& keys) const {
  const T* values = column.values<T>();
  keys.bytes.resize(column.size() * (1 + sizeof(T)));
  char* const start = keys.bytes.data();
  char* out = start;
  for (size_t row = 0; row < column.size(); ++row) {
    keys.offsets.push_back(static_cast<uint32_t>(out - start));
    const bool is_null = column.is_null(row);
    *out++ = is_null ? absent : present;
    if (is_null) continue;
    std::memcpy(out, values + row, sizeof(T));
    out += sizeof(T);
  }
  keys.bytes.resize(static_cast<size_t>(out - start));
}

void KeyEncoder::encode_bytes(const RecordBatch& batch, BatchKeys& keys) const {
  keys.bytes.clear();
  keys.hashes.clear();
  keys.offsets.clear();
  const TypeKind kind = columns_.size() == 1 ? codec_.types().front().kind : TypeKind::numeric;
  if (kind == TypeKind::text) {
    encode_texts(batch.column(columns_.front()), keys);
  } else if (kind == TypeKind::integer || kind == TypeKind::date) {
    encode_fixed<int32_t>(batch.column(columns_.front()), keys);
  } else if (kind == TypeKind::bigint || Type{kind}.is_time()) {
    encode_fixed<int64_t>(batch.column(columns_.front()), keys);
  } else {
    for (size_t row = 0; row < batch.rows(); ++row) {
      keys.offsets.push_back(static_cast<uint32_t>(keys.bytes.size()));
      codec_.encode_key(batch, columns_, row, keys.bytes);
    }
  }
  SLUICE_ASSERT(keys.bytes.size() <= UINT32_MAX, "the keys of a batch take less than 4 GiB");
  keys.offsets.push_back(static_cast<uint32_t>(keys.bytes.size()));
}

void KeyEncoder::encode(const RecordBatch& batch, BatchKeys& keys) const {
  encode_bytes(batch, keys);
  keys.hashes.resize(batch.rows());
  for (size_t row = 0; row < batch.rows(); ++row) keys.hashes[row] = table_hash(keys.key(row));
}

bool KeyEncoder::has_null(const RecordBatch& batch, size_t row) const {
  return std::any_of(columns_.begin(), columns_.end(),
                     [&](size_t column) { return batch.column(column).is_null(row); });
}

void KeyEncoder::encode_values(const RecordBatch& batch, size_t row, std::string& out) const {
  codec_.encode(batch, columns_, row, out);
}

Status KeyEncoder::decode(std::string_view bytes, std::vector<ColumnBuilder>& builders) const {
  return codec_.decode(bytes, builders);
}

}  // namespace sluice
