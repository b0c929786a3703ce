#include "formats/json_encoder.hpp"

#include <charconv>
#include <cmath>

#include "base/assert.hpp"
#include "values/json/jsonb_text.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

template <class T>
void append_whole(T value, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  out.append(digits, end);
}

void append_double(double value, std::string& out) {
  if (std::isfinite(value)) return format_double(value, out);
  out += '"';
  format_double(value, out);
  out += '"';
}

void append_numeric(const Numeric& value, bool is_quoted, std::string& out) {
  char digits[64];
  const char* end = value.write(digits);
  is_quoted = is_quoted || !value.is_finite();
  if (is_quoted) out += '"';
  out.append(digits, static_cast<size_t>(end - digits));
  if (is_quoted) out += '"';
}

// PostgreSQL's "2026-01-01 00:00:05.5", with T for the space; then the zone.
void append_timestamp(int64_t microseconds, std::string_view zone, std::string& out) {
  out += '"';
  const size_t start = out.size();
  format_timestamp(microseconds, out);
  const size_t space = out.find(' ', start);
  if (space != std::string::npos) {
    out[space] = 'T';
    const size_t era = out.find(' ', space);  // " BC"
    out.insert(era == std::string::npos ? out.size() : era, zone);
  }
  out += '"';
}

class JsonEncoder : public Encoder {
 public:
  JsonEncoder(const Schema& schema, JsonEncoding encoding) : encoding_(encoding) {
    for (const Field& field : schema.fields()) {
      std::string key;
      append_json_string(field.name, key);
      keys_.push_back(key + ":");
    }
  }

  Status encode(const RecordBatch& batch, size_t row, std::string& out) override {
    SLUICE_ASSERT(batch.columns().size() == keys_.size(), "a batch of another schema");
    out += '{';
    bool is_first = true;
    for (size_t i = 0; i < keys_.size(); ++i) {
      const Column& column = batch.column(i);
      if (encoding_.omits_null && column.is_null(row)) continue;
      if (!is_first) out += ',';
      is_first = false;
      out += keys_[i];
      append_json_value(column, row, encoding_, out);
    }
    out += '}';
    return {};
  }

 private:
  const JsonEncoding encoding_;
  std::vector<std::string> keys_;  // "name":
};

}  // namespace

void append_json_value(const Column& column, size_t row, const JsonEncoding& encoding,
                       std::string& out) {
  if (column.is_null(row)) {
    out += "null";
    return;
  }
  switch (column.type().kind) {
    case TypeKind::boolean:
      out += column.values<uint8_t>()[row] != 0 ? "true" : "false";
      return;
    case TypeKind::integer:
      return append_whole(column.values<int32_t>()[row], out);
    case TypeKind::bigint:
      return append_whole(column.values<int64_t>()[row], out);
    case TypeKind::double_precision:
      return append_double(column.values<double>()[row], out);
    case TypeKind::numeric:
      return append_numeric(column.values<Numeric>()[row], encoding.quotes_numeric, out);
    case TypeKind::text:
      return append_json_string(column.values<std::string_view>()[row], out);
    case TypeKind::jsonb:
      out += column.values<std::string_view>()[row];
      return;
    case TypeKind::timestamp:
      return append_timestamp(column.values<int64_t>()[row], "", out);
    case TypeKind::timestamptz:
      return append_timestamp(column.values<int64_t>()[row], "Z", out);
    case TypeKind::date:
      out += '"';
      format_date(column.values<int32_t>()[row], out);
      out += '"';
      return;
    case TypeKind::interval:
      out += '"';
      format_interval(column.values<Interval>()[row], out);
      out += '"';
      return;
  }
}

std::unique_ptr<Encoder> make_json_encoder(const Schema& schema, JsonEncoding encoding) {
  return std::make_unique<JsonEncoder>(schema, encoding);
}

}  // namespace sluice
