#include "formats/key_changes.hpp"

#include <algorithm>
#include <set>

#include "data/row_codec.hpp"
#include "formats/envelope.hpp"
#include "values/json/jsonb_text.hpp"

namespace sluice {

namespace {

using Texts = std::vector<std::string_view>;

// Of a field that stands twice in an object the first counts.
std::string with_fields_in_front(const std::string& fields, std::string_view object) {
  const std::string_view rest = object.substr(1);
  const bool is_empty = rest[rest.find_first_not_of(" \t\r\n")] == '}';
  return "{" + fields + (is_empty ? "" : ",") + std::string(rest);
}

// The top-level fields of a row that a column is read or computed from.
void add_fields(const ScanSpec& scan, size_t column, std::set<std::string>& fields) {
  const ScanColumn& from = scan.columns[column];
  if (!from.path.empty() && !is_in_envelope(from)) fields.insert(from.path.front());
  if (!from.computed) return;
  for (const size_t read : columns_of(*from.computed)) add_fields(scan, read, fields);
}

}  // namespace

KeyChanges::KeyChanges(const ScanSpec& scan) {
  std::set<std::string> fields;
  for (const std::string& name : scan.key_fields) {
    key_columns_.push_back(*scan.schema->find(name));
    add_fields(scan, key_columns_.back(), fields);
  }
  key_fields_.assign(fields.begin(), fields.end());
  for (const std::string& field : key_fields_) quoted_fields_.push_back('"' + field + '"');
}

KeyFields KeyChanges::unknown_in(std::string_view former) {
  const std::vector<Field> known = key_fields_of(former);
  KeyFields unknown;
  for (const std::string& field : key_fields_) {
    const bool is_known = std::any_of(known.begin(), known.end(), [&](const Field& shown) {
      return shown.first == field && shown.second != "null";
    });
    if (!is_known) unknown.push_back(field);
  }
  return unknown;
}

bool KeyChanges::may_be_in(std::string_view former) const {
  if (former.find('\\') != std::string_view::npos) return !key_fields_.empty();
  return std::any_of(quoted_fields_.begin(), quoted_fields_.end(), [&](const std::string& field) {
    return former.find(field) != std::string_view::npos;
  });
}

std::vector<KeyChanges::Field> KeyChanges::key_fields_of(std::string_view row) {
  std::vector<Field> fields;
  objects_.for_each_field(row, [&](std::string_view key, std::string_view text) {
    if (std::find(key_fields_.begin(), key_fields_.end(), key) == key_fields_.end()) return;
    const bool is_known = std::any_of(fields.begin(), fields.end(),
                                      [&](const Field& field) { return field.first == key; });
    if (!is_known) fields.emplace_back(key, text);
  });
  return fields;
}

// "key":value of each key field that had another text, with commas between.
std::string KeyChanges::former_key_fields(std::string_view former, std::string_view image) {
  const std::vector<Field> current = key_fields_of(image);
  std::string fields;
  for (const Field& field : key_fields_of(former)) {
    const bool is_same = std::find(current.begin(), current.end(), field) != current.end();
    if (is_same || field.second == "null") continue;
    if (!fields.empty()) fields += ',';
    append_json_string(field.first, fields);
    fields.append(":").append(field.second);
  }
  return fields;
}

std::vector<KeyChanges::Row> KeyChanges::rows_of(std::string_view image,
                                                 std::string_view former_image, bool are_lists) {
  const Texts images = are_lists ? objects_.elements_of(image) : Texts{image};
  const Texts former = are_lists ? objects_.elements_of(former_image) : Texts{former_image};
  std::vector<Row> rows;
  for (size_t i = 0; i < images.size(); ++i) {
    const std::string fields =
        i < former.size() ? former_key_fields(former[i], images[i]) : std::string();
    if (!fields.empty())
      rows.push_back({RowKind::delete_row, with_fields_in_front(fields, images[i])});
    rows.push_back({RowKind::update_after, std::string(images[i])});
  }
  return rows.size() == images.size() ? std::vector<Row>() : rows;
}

void KeyChanges::drop_needless_deletions(DecodeResult& result) const {
  const RecordBatch& rows = result.rows;
  std::vector<Type> types;
  for (const size_t column : key_columns_) types.push_back((*rows.schema())[column].type);
  const RowCodec codec(std::move(types));
  const auto key_of = [&](size_t row) {
    std::string key;
    codec.encode_key(rows, key_columns_, row, key);
    return key;
  };
  const auto is_needless = [&](size_t row) {
    return row + 1 < rows.rows() && rows.kind(row) == RowKind::delete_row &&
           rows.kind(row + 1) == RowKind::update_after &&
           rows.meta().offset[row] == rows.meta().offset[row + 1] && key_of(row) == key_of(row + 1);
  };
  std::vector<uint32_t> kept;
  for (size_t row = 0; row < rows.rows(); ++row) {
    if (!is_needless(row)) kept.push_back(static_cast<uint32_t>(row));
  }
  if (kept.size() == rows.rows()) return;
  result.rows_read -= rows.rows() - kept.size();
  result.rows = rows.gather(kept);
}

}  // namespace sluice
