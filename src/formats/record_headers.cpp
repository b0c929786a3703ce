#include "formats/record_headers.hpp"

#include "values/json/jsonb_text.hpp"
#include "values/value_text.hpp"

namespace sluice {

Status append_headers(const RawBatch& raw, const RawRecord& record, std::string& out) {
  out += '{';
  for (uint32_t i = 0; i < record.header_count; ++i) {
    const RawHeader& header = raw.headers[record.first_header + i];
    if (!is_valid_text(header.name) || !is_valid_text(header.value)) {
      return fail(ErrorCode::column_invalid, "a header of the record is not valid UTF-8 text");
    }
    if (i > 0) out += ',';
    append_json_string(header.name, out);
    out += ':';
    if (header.value.data() == nullptr) {
      out += "null";
    } else {
      append_json_string(header.value, out);
    }
  }
  out += '}';
  return {};
}

}  // namespace sluice
