#include "data/key_text.hpp"

#include "base/assert.hpp"
#include "data/column_text.hpp"
#include "values/canonical_value.hpp"
#include "values/value_text.hpp"

namespace sluice {

void append_key_text(const Column& column, size_t row, std::string& out) {
  static const TimeZone utc;
  SLUICE_ASSERT(!column.is_null(row), "a key has no NULL");
  switch (column.type().kind) {
    case TypeKind::double_precision:
      return format_double(canonical(column.values<double>()[row]), out);
    case TypeKind::numeric: {
      char text[48];
      out.append(text, canonical(column.values<Numeric>()[row]).write(text));
      return;
    }
    case TypeKind::interval:
      return format_interval(canonical(column.values<Interval>()[row]), out);
    case TypeKind::jsonb:
      return append_canonical_jsonb(column.values<std::string_view>()[row], out);
    default:
      return format_value(column, row, utc, out);
  }
}

void append_escaped(std::string_view text, std::string_view separator, std::string& out) {
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' || text.substr(at).starts_with(separator)) out += '\\';
    out += text[at];
  }
}

}  // namespace sluice
