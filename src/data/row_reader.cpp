#include "data/row_reader.hpp"

#include "base/assert.hpp"
#include "values/number/powers_of_ten.hpp"

namespace sluice {

RowReader::RowReader(std::string_view bytes, size_t columns) {
  const size_t size = null_bytes(columns);
  is_good_ = bytes.size() >= size;
  if (!is_good_) return;
  null_bits_ = bytes.substr(0, size);
  rest_ = bytes.substr(size);
}

bool RowReader::read_column(size_t index, TypeKind kind, ColumnBuilder& builder) {
  if (!is_good_) return false;
  if (((null_bits_[index / 8] >> (index % 8)) & 1) != 0) {
    builder.append_null();
    return true;
  }
  switch (kind) {
    case TypeKind::boolean:
      append_boolean(builder);
      return is_good_;
    case TypeKind::integer:
    case TypeKind::date:
      append_fixed<int32_t>(builder);
      return is_good_;
    case TypeKind::bigint:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      append_fixed<int64_t>(builder);
      return is_good_;
    case TypeKind::double_precision:
      append_fixed<double>(builder);
      return is_good_;
    case TypeKind::numeric:
      append_numeric(builder);
      return is_good_;
    case TypeKind::interval:
      append_interval(builder);
      return is_good_;
    case TypeKind::text:
    case TypeKind::jsonb:
      append_bytes(builder);
      return is_good_;
  }
  SLUICE_ASSERT(false, "unknown type");
}

void RowReader::append_boolean(ColumnBuilder& builder) {
  const auto value = take<uint8_t>();
  is_good_ = is_good_ && value <= 1;
  if (is_good_) builder.append<uint8_t>(value);
}

void RowReader::append_numeric(ColumnBuilder& builder) {
  const auto header = take<uint8_t>();
  const uint8_t low_bits = header & numeric_scale_mask;
  if ((header & numeric_special_bit) != 0) {
    const auto kind = static_cast<Numeric::Kind>(low_bits);
    is_good_ = is_good_ && (header & numeric_wide_bit) == 0 && kind != Numeric::Kind::finite &&
               kind <= Numeric::Kind::minus_infinity;
    if (is_good_) builder.append(Numeric::special(kind));
    return;
  }
  const bool is_wide = (header & numeric_wide_bit) != 0;
  const Int128 coefficient = is_wide ? take<Int128>() : take<int64_t>();
  constexpr Int128 limit = powers_of_ten[Numeric::max_digits];
  is_good_ =
      is_good_ && low_bits <= Numeric::max_digits && coefficient > -limit && coefficient < limit;
  if (is_good_) builder.append(Numeric(coefficient, low_bits));
}

void RowReader::append_interval(ColumnBuilder& builder) {
  Interval value;
  value.months = take<int32_t>();
  value.days = take<int32_t>();
  value.microseconds = take<int64_t>();
  if (is_good_) builder.append(value);
}

void RowReader::append_bytes(ColumnBuilder& builder) {
  const size_t size = take_length();
  is_good_ = is_good_ && size <= rest_.size();
  if (!is_good_) return;
  builder.append_copy(rest_.substr(0, size));
  rest_.remove_prefix(size);
}

size_t RowReader::take_length() {
  size_t length = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    const auto byte = take<uint8_t>();
    length |= static_cast<size_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return length;
  }
  is_good_ = false;
  return 0;
}

}  // namespace sluice
