// JsonEncoder: one JSON object per row, keys in the order of the columns, without white space:
// numbers with all their digits, times in ISO 8601 (timestamptz in UTC with Z), jsonb embedded as
// it is, text escaped minimally. NaN and infinities have no JSON number and are strings.
// Owned by its sink's task, one thread.
#pragma once

#include <memory>

#include "formats/encoder.hpp"

namespace sluice {

struct JsonEncoding {
  bool omits_null = false;      // else a NULL is written as null
  bool quotes_numeric = false;  // numeric columns as strings
};

// One value, or null.
void append_json_value(const Column& column, size_t row, const JsonEncoding& encoding,
                       std::string& out);

std::unique_ptr<Encoder> make_json_encoder(const Schema& schema, JsonEncoding encoding);

}  // namespace sluice
