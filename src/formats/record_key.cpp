#include "formats/record_key.hpp"

#include <algorithm>
#include <set>

#include "formats/object_texts.hpp"

namespace sluice {

struct RecordKey::Parser {
  ObjectTexts objects;
};

RecordKey::RecordKey() : parser_(std::make_unique<Parser>()) {}

RecordKey::~RecordKey() = default;

std::optional<RecordKey::Row> RecordKey::find_row(const RawRecord& record) {
  if (record.key_is_null || !record.key.starts_with('{')) return std::nullopt;
  std::string_view payload;
  std::string_view schema;
  bool has_other_fields = false;
  const bool is_read =
      parser_->objects.for_each_field(record.key, [&](std::string_view key, std::string_view text) {
        if (key == "payload" && payload.empty()) {
          payload = text;
        } else if (key == "schema" && schema.empty()) {
          schema = text;
        } else {
          has_other_fields = true;
        }
      });
  if (!is_read) return std::nullopt;
  const bool is_wrapped = !has_other_fields && !payload.empty() && !schema.empty();
  if (!is_wrapped) return Row{record.key, {}};
  if (!payload.starts_with('{')) return std::nullopt;
  return Row{payload, schema.starts_with('{') ? schema : std::string_view()};
}

bool RecordKey::has_all(std::string_view json, const KeyFields& fields) {
  std::set<std::string, std::less<>> missing(fields.begin(), fields.end());
  parser_->objects.for_each_field(json, [&](std::string_view key, std::string_view text) {
    const auto found = missing.find(key);
    if (found != missing.end() && text != "null") missing.erase(found);
  });
  return missing.empty();
}

std::optional<RecordKey::Row> RecordKey::row_of(const RawRecord& record, const KeyFields& fields) {
  std::optional<Row> row = find_row(record);
  if (!row || fields.empty() || !has_all(row->json, fields)) return std::nullopt;
  return row;
}

bool RecordKey::lacks(const RawRecord& record, const KeyFields& fields) {
  const std::optional<Row> row = find_row(record);
  return row && !has_all(row->json, fields);
}

}  // namespace sluice
