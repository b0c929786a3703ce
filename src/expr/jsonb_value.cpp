#include "expr/jsonb_value.hpp"

#include "data/column_text.hpp"
#include "values/json/jsonb_build.hpp"
#include "values/json/jsonb_view.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

// "2026-01-31 12:34:56.789+08" to "2026-01-31T12:34:56.789+08:00".
void to_iso_time(std::string& text, bool has_zone) {
  const size_t blank = text.find(' ');
  if (blank == std::string::npos) return;  // infinity
  text[blank] = 'T';
  if (!has_zone) return;
  const size_t sign = text.find_first_of("+-", blank);
  const size_t end = std::min(text.find(' ', sign), text.size());
  if (end - sign == 3) text.insert(end, ":00");
}

std::string text_of(const Column& column, size_t row, const TimeZone& zone) {
  std::string text;
  format_value(column, row, zone, text);
  if (column.type().is_time()) to_iso_time(text, column.type().kind == TypeKind::timestamptz);
  return text;
}

// A number as jsonb writes it: NaN and the infinities as strings, no exponent.
void append_number(const std::string& text, std::string& out) {
  const bool is_special = text.find_first_of("NIy") != std::string::npos;
  const bool is_plain = text.find('e') == std::string::npos;
  if (is_special) {
    append_jsonb_string(text, out);
  } else if (is_plain) {
    out += text == "-0" ? "0" : text;
  } else if (const auto canonical = canonical_jsonb(text)) {
    out += *canonical;
  }
}

}  // namespace

void append_jsonb_value(const Column& column, size_t row, const TimeZone& zone, std::string& out) {
  if (column.is_null(row)) {
    out += "null";
    return;
  }
  const Type type = column.type();
  if (type.kind == TypeKind::jsonb) {
    out += column.values<std::string_view>()[row];
  } else if (type.kind == TypeKind::boolean) {
    out += column.values<uint8_t>()[row] != 0 ? "true" : "false";
  } else if (type.is_number()) {
    append_number(text_of(column, row, zone), out);
  } else {
    append_jsonb_string(text_of(column, row, zone), out);
  }
}

void append_jsonb_key(const Column& column, size_t row, const TimeZone& zone, std::string& out) {
  append_jsonb_string(text_of(column, row, zone), out);
}

}  // namespace sluice
