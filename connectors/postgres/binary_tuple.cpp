#include "connectors/postgres/binary_tuple.hpp"

#include <array>
#include <bit>

#include "base/assert.hpp"

namespace sluice::postgres {

namespace {

// PostgreSQL counts from 2000-01-01, we from 1970-01-01.
constexpr int32_t epoch_days = 10957;
constexpr int64_t epoch_us = int64_t{epoch_days} * 86'400'000'000;

template <class Number>
void append_big_endian(Number number, std::string& out) {
  for (int shift = static_cast<int>(sizeof(Number) * 8) - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(static_cast<uint64_t>(number) >> shift));
  }
}

int32_t pg_date(int32_t days) {
  const bool is_infinite = days == date_infinity || days == date_minus_infinity;
  return is_infinite ? days : days - epoch_days;
}

int64_t pg_timestamp(int64_t microseconds) {
  const bool is_infinite =
      microseconds == timestamp_infinity || microseconds == timestamp_minus_infinity;
  return is_infinite ? microseconds : microseconds - epoch_us;
}

// numeric_send: count, weight, sign, display scale, then base-10000 digits without leading and
// trailing zero groups.
void append_numeric(const Numeric& value, std::string& out) {
  constexpr uint16_t positive = 0x0000;
  constexpr uint16_t negative = 0x4000;
  constexpr std::array<uint16_t, 4> special_signs = {positive, 0xC000, 0xD000,
                                                     0xF000};  // by Numeric::Kind
  std::array<int16_t, 24> groups{};
  int count = 0;
  int weight = 0;
  uint16_t sign = special_signs[static_cast<size_t>(value.kind())];
  if (value.is_finite()) {
    const Int128 coefficient = value.coefficient();
    if (coefficient < 0) sign = negative;
    auto rest = static_cast<unsigned __int128>(coefficient < 0 ? -coefficient : coefficient);
    const int fraction_groups = (value.scale() + 3) / 4;
    std::array<int16_t, 24> reversed{};
    int digits = 0;
    // The last group of a fraction is filled up with zeros; 38 digits and these do not fit Int128.
    if (const int in_last_group = value.scale() % 4; in_last_group != 0 && rest != 0) {
      constexpr std::array<int16_t, 4> powers = {1, 10, 100, 1000};
      const int16_t split = powers[static_cast<size_t>(in_last_group)];
      const int16_t fill = powers[static_cast<size_t>(4 - in_last_group)];
      reversed[static_cast<size_t>(digits++)] = static_cast<int16_t>(rest % split * fill);
      rest /= split;
    }
    while (rest != 0) {
      reversed[static_cast<size_t>(digits++)] = static_cast<int16_t>(rest % 10000);
      rest /= 10000;
    }
    weight = digits - fraction_groups - 1;
    int trailing = 0;
    while (trailing < digits && reversed[static_cast<size_t>(trailing)] == 0) ++trailing;
    for (int i = digits - 1; i >= trailing; --i)
      groups[static_cast<size_t>(count++)] = reversed[static_cast<size_t>(i)];
    if (count == 0) weight = 0;
  }
  append_big_endian<int16_t>(static_cast<int16_t>(count), out);
  append_big_endian<int16_t>(static_cast<int16_t>(weight), out);
  append_big_endian<uint16_t>(sign, out);
  append_big_endian<uint16_t>(value.scale(), out);
  for (int i = 0; i < count; ++i) append_big_endian<int16_t>(groups[static_cast<size_t>(i)], out);
}

void append_value(const Column& column, size_t row, std::string& out) {
  switch (column.type().kind) {
    case TypeKind::boolean:
      out.push_back(static_cast<char>(column.values<uint8_t>()[row]));
      return;
    case TypeKind::integer:
      return append_big_endian(column.values<int32_t>()[row], out);
    case TypeKind::bigint:
      return append_big_endian(column.values<int64_t>()[row], out);
    case TypeKind::double_precision:
      return append_big_endian(std::bit_cast<uint64_t>(column.values<double>()[row]), out);
    case TypeKind::numeric:
      return append_numeric(column.values<Numeric>()[row], out);
    case TypeKind::text:
      out.append(column.values<std::string_view>()[row]);
      return;
    case TypeKind::date:
      return append_big_endian(pg_date(column.values<int32_t>()[row]), out);
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return append_big_endian(pg_timestamp(column.values<int64_t>()[row]), out);
    case TypeKind::interval: {
      const Interval& interval = column.values<Interval>()[row];
      append_big_endian(interval.microseconds, out);
      append_big_endian(interval.days, out);
      return append_big_endian(interval.months, out);
    }
    case TypeKind::jsonb:
      out.push_back(1);  // version of jsonb's send format
      out.append(column.values<std::string_view>()[row]);
      return;
  }
  SLUICE_ASSERT(false, "unknown type");
}

}  // namespace

const char* pg_type_name(TypeKind kind) {
  switch (kind) {
    case TypeKind::boolean:
      return "boolean";
    case TypeKind::integer:
      return "integer";
    case TypeKind::bigint:
      return "bigint";
    case TypeKind::double_precision:
      return "double precision";
    case TypeKind::numeric:
      return "numeric";
    case TypeKind::text:
      return "text";
    case TypeKind::date:
      return "date";
    case TypeKind::timestamp:
      return "timestamp";
    case TypeKind::timestamptz:
      return "timestamptz";
    case TypeKind::interval:
      return "interval";
    case TypeKind::jsonb:
      return "jsonb";
  }
  SLUICE_ASSERT(false, "unknown type");
}

void append_tuple(const RecordBatch& batch, const std::vector<size_t>& columns, size_t row,
                  std::string& out) {
  append_big_endian<int16_t>(static_cast<int16_t>(columns.size()), out);
  for (const size_t index : columns) {
    const Column& column = batch.column(index);
    if (column.is_null(row)) {
      append_big_endian<int32_t>(-1, out);
      continue;
    }
    const size_t length_at = out.size();
    append_big_endian<int32_t>(0, out);
    append_value(column, row, out);
    const auto length = static_cast<uint32_t>(out.size() - length_at - sizeof(int32_t));
    for (int i = 0; i < 4; ++i)
      out[length_at + static_cast<size_t>(i)] = static_cast<char>(length >> (24 - 8 * i));
  }
}

}  // namespace sluice::postgres
