#include "formats/canal_key_changes.hpp"

#include <simdjson.h>

#include <algorithm>

#include "data/jsonb_text.hpp"
#include "formats/json_tokens.hpp"
#include "memory/arena.hpp"

namespace sluice {

namespace {

namespace ondemand = simdjson::ondemand;
using Texts = std::vector<std::string_view>;

std::string_view token_of(ondemand::value& value) {
  return without_trailing_space(value.raw_json_token());
}

std::string_view text_of(ondemand::value& value, const char* end) {
  const std::string_view token = token_of(value);
  const bool is_container = token.front() == '{' || token.front() == '[';
  return is_container ? container_at(token.data(), end) : token;
}

// Calls take(key, text of the value) for each field of the object.
template <class Take>
void for_each_field(ondemand::parser& parser, std::string_view json, Take take) {
  auto document = parser.iterate(json, json.size() + Arena::padding_bytes);
  ondemand::object object;
  if (document.get_object().get(object)) return;
  for (auto item : object) {
    ondemand::field field;
    std::string_view key;
    if (std::move(item).get(field) || field.unescaped_key().get(key)) return;
    take(key, text_of(field.value(), json.data() + json.size()));
  }
}

Texts elements_of(ondemand::parser& parser, std::string_view json) {
  Texts elements;
  auto document = parser.iterate(json, json.size() + Arena::padding_bytes);
  ondemand::array array;
  if (document.get_array().get(array)) return elements;
  for (auto item : array) {
    ondemand::value element;
    if (std::move(item).get(element)) return elements;
    elements.push_back(text_of(element, json.data() + json.size()));
  }
  return elements;
}

// Of a field that stands twice in an object the first counts.
std::string with_fields_in_front(const std::string& fields, std::string_view object) {
  const std::string_view rest = object.substr(1);
  const bool is_empty = rest[rest.find_first_not_of(" \t\r\n")] == '}';
  return "{" + fields + (is_empty ? "" : ",") + std::string(rest);
}

}  // namespace

struct CanalKeyChanges::Parsers {
  ondemand::parser envelope;
  ondemand::parser list;
  ondemand::parser row;
};

CanalKeyChanges::CanalKeyChanges(std::vector<std::string> key_fields)
    : key_fields_(std::move(key_fields)), parsers_(std::make_unique<Parsers>()) {
  for (const std::string& field : key_fields_) quoted_fields_.push_back('"' + field + '"');
}

CanalKeyChanges::~CanalKeyChanges() = default;

bool CanalKeyChanges::may_be_in(std::string_view old) const {
  if (old.find('\\') != std::string_view::npos) return !key_fields_.empty();
  return std::any_of(quoted_fields_.begin(), quoted_fields_.end(), [&](const std::string& field) {
    return old.find(field) != std::string_view::npos;
  });
}

// "key":value of each key field, with commas between.
std::string CanalKeyChanges::key_fields_of(std::string_view row) {
  std::string fields;
  for_each_field(parsers_->row, row, [&](std::string_view key, std::string_view text) {
    if (std::find(key_fields_.begin(), key_fields_.end(), key) == key_fields_.end()) return;
    if (!fields.empty()) fields += ',';
    append_json_string(key, fields);
    fields.append(":").append(text);
  });
  return fields;
}

std::vector<CanalKeyChanges::Row> CanalKeyChanges::rows_of(std::string_view envelope) {
  std::string_view data;
  std::string_view old;
  for_each_field(parsers_->envelope, envelope, [&](std::string_view key, std::string_view text) {
    if (key == "data" && data.empty()) data = text;
    if (key == "old" && old.empty()) old = text;
  });
  const Texts images = elements_of(parsers_->list, data);
  const Texts former = elements_of(parsers_->list, old);
  std::vector<Row> rows;
  for (size_t i = 0; i < images.size(); ++i) {
    const std::string fields = i < former.size() ? key_fields_of(former[i]) : std::string();
    if (!fields.empty())
      rows.push_back({RowKind::delete_row, with_fields_in_front(fields, images[i])});
    rows.push_back({RowKind::update_after, std::string(images[i])});
  }
  return rows.size() == images.size() ? std::vector<Row>() : rows;
}

}  // namespace sluice
