#include "data/column_text.hpp"

#include <charconv>

#include "base/assert.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

template <class Integer>
void format_whole(Integer value, std::string& out) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void format_numeric(const Numeric& value, std::string& out) {
  char text[48];
  out.append(text, value.write(text));
}

template <class T>
Status append_result(const Result<T>& parsed, ColumnBuilder& builder) {
  if (!parsed) return fail(parsed.error());
  builder.append<T>(*parsed);
  return {};
}

Status append_text(std::string_view text, ColumnBuilder& builder) {
  if (!is_valid_text(text)) {
    return fail(ErrorCode::invalid_text, "invalid byte sequence for encoding \"UTF8\"");
  }
  builder.append_copy(text);
  return {};
}

Status append_jsonb(std::string_view text, ColumnBuilder& builder) {
  SLUICE_ASSIGN(const std::string canonical, canonical_jsonb(text));
  builder.append_copy(canonical);
  return {};
}

}  // namespace

void format_value(const Column& column, size_t row, const TimeZone& zone, std::string& out) {
  switch (column.type().kind) {
    case TypeKind::boolean:
      out += column.values<uint8_t>()[row] != 0 ? "true" : "false";
      return;
    case TypeKind::integer:
      return format_whole(column.values<int32_t>()[row], out);
    case TypeKind::bigint:
      return format_whole(column.values<int64_t>()[row], out);
    case TypeKind::double_precision:
      return format_double(column.values<double>()[row], out);
    case TypeKind::numeric:
      return format_numeric(column.values<Numeric>()[row], out);
    case TypeKind::date:
      return format_date(column.values<int32_t>()[row], out);
    case TypeKind::timestamp:
      return format_timestamp(column.values<int64_t>()[row], out);
    case TypeKind::timestamptz:
      return format_timestamptz(column.values<int64_t>()[row], zone, out);
    case TypeKind::interval:
      return format_interval(column.values<Interval>()[row], out);
    case TypeKind::text:
    case TypeKind::jsonb:
      out += column.values<std::string_view>()[row];
      return;
  }
  SLUICE_ASSERT(false, "unknown type");
}

Status append_parsed(Type type, std::string_view text, const TimeZone& zone,
                     ColumnBuilder& builder) {
  switch (type.kind) {
    case TypeKind::boolean: {
      SLUICE_ASSIGN(const bool value, parse_boolean(text));
      builder.append<uint8_t>(value ? 1 : 0);
      return {};
    }
    case TypeKind::integer:
      return append_result(parse_integer(text), builder);
    case TypeKind::bigint:
      return append_result(parse_bigint(text), builder);
    case TypeKind::double_precision:
      return append_result(parse_double(text), builder);
    case TypeKind::numeric:
      return append_result(Numeric::parse(text, type.precision, type.scale), builder);
    case TypeKind::text:
      return append_text(text, builder);
    case TypeKind::date:
      return append_result(parse_date(text), builder);
    case TypeKind::timestamp:
      return append_result(parse_timestamp(text), builder);
    case TypeKind::timestamptz:
      return append_result(parse_timestamptz(text, zone), builder);
    case TypeKind::interval:
      return append_result(parse_interval(text), builder);
    case TypeKind::jsonb:
      return append_jsonb(text, builder);
  }
  SLUICE_ASSERT(false, "unknown type");
}

}  // namespace sluice
