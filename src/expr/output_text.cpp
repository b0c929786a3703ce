#include "expr/output_text.hpp"

#include "data/column_text.hpp"

namespace sluice {

void append_output(const Column& column, size_t row, const TimeZone& zone, std::string& out) {
  if (column.type().kind == TypeKind::boolean) {
    out += column.values<uint8_t>()[row] != 0 ? 't' : 'f';
  } else {
    format_value(column, row, zone, out);
  }
}

void append_quoted_literal(std::string_view value, std::string& out) {
  if (value.find('\\') != std::string_view::npos) out += 'E';
  out += '\'';
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += c;
    out += c;
  }
  out += '\'';
}

}  // namespace sluice
