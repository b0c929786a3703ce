// Layout, alike for values and keys; all integers little-endian:
//
//   NULL bits     one bit per column, least significant first, rounded up to bytes; 1 = NULL
//   values        of the columns that are not NULL, in order
//
//   boolean                         1 byte, 0 or 1
//   integer, date                   4 bytes
//   bigint, timestamp, timestamptz  8 bytes
//   double precision                8 bytes, IEEE 754            key: -0.0 as 0.0, every NaN as one
//   numeric                         header byte, coefficient     key: without trailing fractional
//   zeros
//                                   header: bits 0-5 scale, bit 6 special (then bits 0-5 are its
//                                   kind and nothing follows), bit 7 coefficient of 16 bytes
//                                   instead of 8
//   interval                        months 4, days 4, µs 8       key: 16 bytes, µs with months of
//   30 days, days of 24 hours text                            length as LEB128, bytes jsonb length
//   as LEB128, bytes      key: numbers without trailing fractional zeros
//
// Saved state has this layout: a change needs a new format version of the files that hold it.
#include "data/row_codec.hpp"

#include <cstring>

#include "base/assert.hpp"
#include "data/row_reader.hpp"
#include "values/canonical_value.hpp"
#include "values/ordering.hpp"

namespace sluice {

namespace {

template <class T>
void append_fixed(T value, std::string& out) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append_length(size_t length, std::string& out) {
  for (; length >= 0x80; length >>= 7) out += static_cast<char>(length | 0x80);
  out += static_cast<char>(length);
}

void append_bytes(std::string_view bytes, std::string& out) {
  append_length(bytes.size(), out);
  out += bytes;
}

void append_numeric(const Numeric& value, std::string& out) {
  if (!value.is_finite()) {
    out += static_cast<char>(numeric_special_bit | static_cast<uint8_t>(value.kind()));
    return;
  }
  const Int128 coefficient = value.coefficient();
  const auto low = static_cast<int64_t>(coefficient);
  if (coefficient == low) {
    out += static_cast<char>(value.scale());
    append_fixed(low, out);
  } else {
    out += static_cast<char>(numeric_wide_bit | value.scale());
    append_fixed(coefficient, out);
  }
}

// The values whose bytes are the same in both encodings.
void append_plain(const Column& column, size_t row, std::string& out) {
  switch (column.type().kind) {
    case TypeKind::boolean:
      return append_fixed(column.values<uint8_t>()[row], out);
    case TypeKind::integer:
    case TypeKind::date:
      return append_fixed(column.values<int32_t>()[row], out);
    case TypeKind::bigint:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return append_fixed(column.values<int64_t>()[row], out);
    case TypeKind::double_precision:
      return append_fixed(column.values<double>()[row], out);
    case TypeKind::numeric:
      return append_numeric(column.values<Numeric>()[row], out);
    case TypeKind::text:
    case TypeKind::jsonb:
      return append_bytes(column.values<std::string_view>()[row], out);
    case TypeKind::interval: {
      const Interval& value = column.values<Interval>()[row];
      append_fixed(value.months, out);
      append_fixed(value.days, out);
      return append_fixed(value.microseconds, out);
    }
  }
  SLUICE_ASSERT(false, "unknown type");
}

void append_key(const Column& column, size_t row, std::string& out) {
  switch (column.type().kind) {
    case TypeKind::double_precision:
      return append_fixed(canonical(column.values<double>()[row]), out);
    case TypeKind::numeric:
      return append_numeric(canonical(column.values<Numeric>()[row]), out);
    case TypeKind::interval:
      return append_fixed(IntervalOrdering::length_us(column.values<Interval>()[row]), out);
    case TypeKind::jsonb: {
      std::string key;
      append_canonical_jsonb(column.values<std::string_view>()[row], key);
      return append_bytes(key, out);
    }
    default:
      return append_plain(column, row, out);
  }
}

template <class AppendValue>
void append_row(const RecordBatch& batch, const std::vector<size_t>& indexes, size_t row,
                std::string& out, AppendValue append_value) {
  const size_t bits_at = out.size();
  out.append(null_bytes(indexes.size()), '\0');
  for (size_t i = 0; i < indexes.size(); ++i) {
    const Column& column = batch.column(indexes[i]);
    if (column.is_null(row)) {
      out[bits_at + i / 8] = static_cast<char>(out[bits_at + i / 8] | (1 << (i % 8)));
    } else {
      append_value(column, row, out);
    }
  }
}

}  // namespace

void RowCodec::encode(const RecordBatch& batch, const std::vector<size_t>& indexes, size_t row,
                      std::string& out) const {
  SLUICE_ASSERT(indexes.size() == types_.size(), "a codec encodes as many columns as it has types");
  append_row(batch, indexes, row, out, append_plain);
}

void RowCodec::encode_key(const RecordBatch& batch, const std::vector<size_t>& indexes, size_t row,
                          std::string& out) const {
  SLUICE_ASSERT(indexes.size() == types_.size(), "a codec encodes as many columns as it has types");
  append_row(batch, indexes, row, out, append_key);
}

Status RowCodec::decode(std::string_view bytes, std::vector<ColumnBuilder>& builders) const {
  SLUICE_ASSERT(builders.size() == types_.size(), "a codec decodes into a builder per type");
  RowReader reader(bytes, types_.size());
  for (size_t i = 0; i < types_.size(); ++i) {
    if (!reader.read_column(i, types_[i].kind, builders[i])) break;
  }
  if (!reader.is_finished()) return fail(ErrorCode::state_corrupt, "a saved row is malformed");
  return {};
}

}  // namespace sluice
