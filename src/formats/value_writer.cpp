#include "formats/value_writer.hpp"

#include <limits>

#include "formats/json_tokens.hpp"
#include "values/number/decimal_text.hpp"
#include "values/text/bad_text.hpp"
#include "values/time/timestamp_range.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

Unexpected invalid(Error error) {
  return fail(ErrorCode::column_invalid, std::move(error.message));
}

Unexpected wrong_kind(const PlannedColumn& column, std::string_view kind) {
  return fail(ErrorCode::column_invalid,
              type_name(column.type) + " cannot be read from " + std::string(kind));
}

// Digits after which a number of that unit counts microseconds: 1.5 s has its sixth at 1 us.
uint8_t scale_of(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::seconds:
      return 6;
    case TimeUnit::milliseconds:
      return 3;
    default:
      return 0;
  }
}

int64_t microseconds_of(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::seconds:
      return 1'000'000;
    case TimeUnit::milliseconds:
      return 1'000;
    default:
      return 1;
  }
}

// Microseconds of a number that has a fraction or an exponent, rounded to the nearest; nanoseconds
// are cut.
Result<int64_t> exact_time(std::string_view token, TimeUnit unit) {
  SLUICE_ASSIGN(const DecimalText number, DecimalText::parse(token));
  const auto scaled = number.rounded(scale_of(unit));
  if (!scaled) return fail_range("timestamp", token);
  Int128 microseconds = scaled->coefficient();
  if (unit == TimeUnit::nanoseconds) microseconds /= 1'000;
  if (!is_timestamp(microseconds)) return fail_range("timestamp", token);
  return static_cast<int64_t>(microseconds);
}

template <class T>
Result<T> exact_integer(std::string_view token, std::string_view type) {
  SLUICE_ASSIGN(const DecimalText number, DecimalText::parse(token));
  if (number.has_fraction()) return fail_syntax(type, token);
  const auto whole = number.rounded(0);
  if (!whole || whole->coefficient() < std::numeric_limits<T>::min() ||
      whole->coefficient() > std::numeric_limits<T>::max()) {
    return fail_range(type, token);
  }
  return static_cast<T>(whole->coefficient());
}

}  // namespace

Status ValueWriter::write_text(size_t index, std::string_view text) {
  const PlannedColumn& column = plan_.columns()[index];
  switch (column.type.kind) {
    case TypeKind::text:
      writer_.set(index, text);
      return {};
    case TypeKind::jsonb:
      return write_json(index, text);
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      if (column.unit != TimeUnit::none && is_json_number(text)) {
        return write_exact(column, index, text);
      }
      return write_converted(column, index, text);
    default:
      return write_converted(column, index, text);
  }
}

Status ValueWriter::write_number(size_t index, std::string_view token) {
  const PlannedColumn& column = plan_.columns()[index];
  switch (column.type.kind) {
    case TypeKind::text:
      writer_.set(index, token);
      return {};
    case TypeKind::jsonb:
      return write_json(index, token);
    case TypeKind::integer:
    case TypeKind::bigint:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return write_exact(column, index, token);
    default:
      return write_converted(column, index, token);
  }
}

Status ValueWriter::write_boolean(size_t index, bool value) {
  const PlannedColumn& column = plan_.columns()[index];
  const std::string_view text = value ? "true" : "false";
  switch (column.type.kind) {
    case TypeKind::boolean:
      writer_.set(index, static_cast<uint8_t>(value));
      return {};
    case TypeKind::text:
      writer_.set(index, text);
      return {};
    case TypeKind::jsonb:
      return write_json(index, text);
    default:
      return wrong_kind(column, "a boolean");
  }
}

Status ValueWriter::write_json(size_t index, std::string_view json) {
  const PlannedColumn& column = plan_.columns()[index];
  if (column.type.kind != TypeKind::jsonb) {
    return wrong_kind(column, json.starts_with('[') ? "an array" : "an object");
  }
  jsonb_.clear();
  if (Status status = canonicalizer_.append(json, writer_.allowance(), jsonb_); !status) {
    return invalid(std::move(status).error());
  }
  writer_.set(index, writer_.keep_text(jsonb_));
  return {};
}

bool ValueWriter::write_whole_number(size_t index, std::string_view text) {
  const PlannedColumn& column = plan_.columns()[index];
  int64_t value = 0;
  switch (column.type.kind) {
    case TypeKind::bigint:
      if (!parse_whole_number(text, value)) return false;
      writer_.set(index, value);
      return true;
    case TypeKind::integer:
      if (!parse_whole_number(text, value) || value != static_cast<int32_t>(value)) return false;
      writer_.set(index, static_cast<int32_t>(value));
      return true;
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      if (column.unit == TimeUnit::none || column.unit == TimeUnit::nanoseconds ||
          !parse_whole_number(text, value) ||
          __builtin_mul_overflow(value, microseconds_of(column.unit), &value) ||
          !is_timestamp(value)) {
        return false;
      }
      writer_.set(index, value);
      return true;
    default:
      return false;
  }
}

Status ValueWriter::write_exact(const PlannedColumn& column, size_t index, std::string_view token) {
  const auto write = [&](const auto& exact) -> Status {
    if (!exact) return invalid(exact.error());
    writer_.set(index, *exact);
    return {};
  };
  switch (column.type.kind) {
    case TypeKind::integer:
      return write(exact_integer<int32_t>(token, "integer"));
    case TypeKind::bigint:
      return write(exact_integer<int64_t>(token, "bigint"));
    default:
      if (column.unit == TimeUnit::none) return wrong_kind(column, "a number without a `unit`");
      return write(exact_time(token, column.unit));
  }
}

Status ValueWriter::write_converted(const PlannedColumn& column, size_t index,
                                    std::string_view text) {
  const auto write = [&](auto parsed) -> Status {
    if (!parsed) return invalid(std::move(parsed).error());
    writer_.set(index, *parsed);
    return {};
  };
  switch (column.type.kind) {
    case TypeKind::boolean: {
      const Result<bool> value = parse_boolean(text);
      if (!value) return invalid(value.error());
      writer_.set(index, static_cast<uint8_t>(*value));
      return {};
    }
    case TypeKind::integer:
      return write(parse_integer(text));
    case TypeKind::bigint:
      return write(parse_bigint(text));
    case TypeKind::double_precision:
      return write(parse_double(text));
    case TypeKind::date:
      return write(parse_date(text));
    case TypeKind::timestamp:
      return write(parse_timestamp(text));
    case TypeKind::timestamptz:
      return write(parse_timestamptz(text, plan_.zone()));
    case TypeKind::interval:
      return write(parse_interval(text));
    case TypeKind::numeric:
      return write(Numeric::parse(text, column.type.precision, column.type.scale));
    case TypeKind::text:
    case TypeKind::jsonb:
      break;
  }
  return wrong_kind(column, "text");
}

}  // namespace sluice
