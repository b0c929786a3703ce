#include "formats/debezium_values.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/base64.hpp"
#include "formats/connect_decimal.hpp"
#include "values/json/jsonb_text.hpp"
#include "values/text/bad_text.hpp"
#include "values/time/timestamp_range.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

using Kind = DebeziumForm::Kind;

bool is_number(TypeKind type) {
  return type == TypeKind::integer || type == TypeKind::bigint || type == TypeKind::numeric ||
         type == TypeKind::double_precision;
}

Unexpected invalid(std::string message) {
  return fail(ErrorCode::column_invalid, std::move(message));
}

Result<int64_t> whole_number(const RowValue& value) {
  int64_t number = 0;
  const char* end = value.token.data() + value.token.size();
  const auto parsed = std::from_chars(value.token.data(), end, number);
  if (value.kind == RowValue::Kind::scalar && parsed.ec == std::errc() && parsed.ptr == end)
    return number;
  return invalid("not the whole number that a date or time is: " + quoted_excerpt(value.text));
}

// Nanoseconds are cut.
Int128 microseconds(int64_t number, TimeUnit unit) {
  if (unit == TimeUnit::seconds) return Int128{number} * 1'000'000;
  if (unit == TimeUnit::milliseconds) return Int128{number} * 1'000;
  if (unit == TimeUnit::microseconds) return number;
  return number >= 0 ? number / 1'000 : -((-Int128{number} + 999) / 1'000);
}

// What JsonConverter writes for floating-point numbers that JSON has no form for.
bool is_no_finite_number(std::string_view text) {
  return text == "NaN" || text == "Infinity" || text == "-Infinity";
}

}  // namespace

DebeziumValues::DebeziumValues(const ScanPlan& plan, Settings settings)
    : plan_(plan), settings_(std::move(settings)) {
  std::string quoted;
  append_json_string(settings_.unavailable_value, quoted);
  unavailable_containers_ = {"[" + quoted + "]", "{" + quoted + ":" + quoted + "}"};
  unavailable_bytes_ = to_base64(settings_.unavailable_value);
}

DebeziumValues::Literal DebeziumValues::literal(size_t column, const RowValue& value) {
  if (is_unavailable(value)) {
    return invalid(
        "the connector did not get this value, which the update left as it was: set REPLICA "
        "IDENTITY "
        "FULL for the table");
  }
  const PlannedColumn& planned = plan_.columns()[column];
  if (forms_ == nullptr) return by_column(planned, value);
  return by_schema((*forms_)[column], planned.type.kind, value);
}

bool DebeziumValues::is_unavailable(const RowValue& value) const {
  if (settings_.unavailable_value.empty() || value.kind == RowValue::Kind::scalar) return false;
  if (value.kind == RowValue::Kind::string) {
    return value.text == settings_.unavailable_value || value.text == unavailable_bytes_;
  }
  return std::find(unavailable_containers_.begin(), unavailable_containers_.end(), value.text) !=
         unavailable_containers_.end();
}

// Numbers and jsonb take dates and times as they are written.
DebeziumValues::Literal DebeziumValues::by_schema(const DebeziumForm& form, TypeKind type,
                                                  const RowValue& value) {
  const bool takes_time = !is_number(type) && type != TypeKind::jsonb;
  switch (form.kind) {
    case Kind::plain:
      return std::nullopt;
    case Kind::date:
      return takes_time ? days(value) : Literal(std::nullopt);
    case Kind::timestamp:
      return takes_time ? timestamp(form.unit, value) : Literal(std::nullopt);
    case Kind::time:
    case Kind::duration:
      return takes_time ? time_span(form.unit, value) : Literal(std::nullopt);
    case Kind::decimal:
      if (value.kind == RowValue::Kind::string) return decimal(value.text, form.scale);
      return std::nullopt;
    case Kind::variable_decimal:
      return variable_decimal(value);
  }
  return std::nullopt;
}

DebeziumValues::Literal DebeziumValues::by_column(const PlannedColumn& column,
                                                  const RowValue& value) {
  const TypeKind type = column.type.kind;
  if (is_number(type)) {
    if (value.kind == RowValue::Kind::container) return variable_decimal(value);
    const bool is_known = value.kind == RowValue::Kind::scalar || settings_.strings_are_decimals ||
                          (type == TypeKind::double_precision && is_no_finite_number(value.text));
    if (is_known) return std::nullopt;
    return invalid(
        "without a schema " + quoted_excerpt(value.text) +
        " may be a number's text or its bytes: where the connector has decimal.handling.mode "
        "string, say so by the format's `decimals: text`");
  }
  const bool is_word = value.token == "true" || value.token == "false";
  if (value.kind != RowValue::Kind::scalar || is_word) return std::nullopt;
  if (type == TypeKind::date) return days(value);
  if (column.type.is_time() && column.unit != TimeUnit::none) return timestamp(column.unit, value);
  if (type != TypeKind::interval) return std::nullopt;
  return invalid(
      "without a schema a number does not say in which unit it counts: give records their schema, "
      "or "
      "set the connector's interval.handling.mode to string");
}

DebeziumValues::Literal DebeziumValues::days(const RowValue& value) {
  SLUICE_ASSIGN(const int64_t days, whole_number(value));
  if (!is_timestamp(Int128{days} * us_per_day))
    return invalid("date out of range: " + std::string(value.text));
  text_.clear();
  format_date(static_cast<int32_t>(days), text_);
  return text_;
}

DebeziumValues::Literal DebeziumValues::timestamp(TimeUnit unit, const RowValue& value) {
  SLUICE_ASSIGN(const int64_t number, whole_number(value));
  const Int128 time_us = microseconds(number, unit);
  if (!is_timestamp(time_us)) return invalid("timestamp out of range: " + std::string(value.text));
  text_.clear();
  format_timestamp(static_cast<int64_t>(time_us), text_);
  return text_;
}

// As hours, minutes and seconds.
DebeziumValues::Literal DebeziumValues::time_span(TimeUnit unit, const RowValue& value) {
  SLUICE_ASSIGN(const int64_t number, whole_number(value));
  const Int128 span_us = microseconds(number, unit);
  const auto positive = static_cast<unsigned long long>(span_us < 0 ? -span_us : span_us);
  constexpr unsigned long long us_per_second = 1'000'000;
  const unsigned long long seconds = positive / us_per_second;
  char text[64];
  const int length =
      std::snprintf(text, sizeof(text), "%s%02llu:%02llu:%02llu.%06llu", span_us < 0 ? "-" : "",
                    seconds / 3600, seconds / 60 % 60, seconds % 60, positive % us_per_second);
  text_.assign(text, static_cast<size_t>(length));
  return text_;
}

DebeziumValues::Literal DebeziumValues::decimal(std::string_view base64, int scale) {
  text_.clear();
  SLUICE_TRY(append_connect_decimal(base64, scale, text_));
  return text_;
}

DebeziumValues::Literal DebeziumValues::variable_decimal(const RowValue& value) {
  std::string_view scale_text;
  std::string_view bytes;
  if (value.kind != RowValue::Kind::container || !value.token.starts_with('{')) return std::nullopt;
  objects_.for_each_field(value.token, [&](std::string_view key, std::string_view text) {
    if (key == "scale") scale_text = text;
    if (key == "value") bytes = text;
  });
  int scale = 0;
  const char* end = scale_text.data() + scale_text.size();
  const auto parsed = std::from_chars(scale_text.data(), end, scale);
  const bool is_decimal = !scale_text.empty() && parsed.ec == std::errc() && parsed.ptr == end &&
                          bytes.size() >= 2 && bytes.front() == '"';
  if (!is_decimal) return std::nullopt;
  return decimal(bytes.substr(1, bytes.size() - 2), scale);
}

}  // namespace sluice
