#include "formats/json_row_reader.hpp"

#include <bit>
#include <cstring>

#include "data/bad_text.hpp"
#include "data/text_io.hpp"

namespace sluice {

namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

std::string_view without_trailing_space(std::string_view token) {
  while (!token.empty() && (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' ||
                            token.back() == '\t')) {
    token.remove_suffix(1);
  }
  return token;
}

bool has_escape(std::string_view text) {
  return !text.empty() && std::memchr(text.data(), '\\', text.size()) != nullptr;
}

}  // namespace

error_code JsonParser::open(std::string_view bytes, ondemand::object& root) {
  static_assert(Arena::padding_bytes >= simdjson::SIMDJSON_PADDING);
  constexpr size_t smallest_capacity = 4096;
  if (parser_.capacity() < bytes.size() || parser_.capacity() == 0) {
    const size_t capacity = std::max(smallest_capacity, std::bit_ceil(bytes.size()));
    if (const error_code error = parser_.allocate(capacity)) return error;
  }
  const simdjson::padded_string_view padded(bytes.data(), bytes.size(),
                                            bytes.size() + simdjson::SIMDJSON_PADDING);
  if (const error_code error = parser_.iterate(padded).get(document_)) return error;
  return document_.get_object().get(root);
}

error_code JsonParser::check_end() {
  return document_.current_location().error() == simdjson::OUT_OF_BOUNDS ? simdjson::SUCCESS
                                                                         : simdjson::TAPE_ERROR;
}

void JsonParser::release_large_buffers() {
  constexpr size_t kept_capacity = 1024 * 1024;
  if (parser_.capacity() > kept_capacity) parser_ = ondemand::parser();
}

std::string broken_json_message(error_code error) {
  switch (error) {
    case simdjson::EMPTY:
      return "the record is empty";
    case simdjson::INCORRECT_TYPE:
      return "the document is not a JSON object";
    case simdjson::UTF8_ERROR:
      return "the document is not valid UTF-8";
    case simdjson::UNESCAPED_CHARS:
      return "broken JSON: a control character inside a string";
    case simdjson::UNCLOSED_STRING:
      return "broken JSON: a string is not closed";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
      return "broken JSON: an object is not closed";
    case simdjson::TAPE_ERROR:
      return "broken JSON: brackets, commas or colons do not fit, or something follows the "
             "document";
    default:
      return std::string("broken JSON: ") + simdjson::error_message(error);
  }
}

JsonRowReader::JsonRowReader(const ScanPlan& plan, RowCollector& collector, bool strings_hold_json)
    : plan_(plan),
      collector_(collector),
      strings_hold_json_(strings_hold_json),
      checks_undeclared_(plan.scan().on_unknown_field != UnknownField::ignore) {
  for (size_t i = 0; i < plan.columns().size(); ++i) {
    if (!plan.columns()[i].is_in_document()) continue;
    fields_.add_path(plan.scan().columns[i].path, static_cast<uint32_t>(i));
  }
  if (!checks_undeclared_) return;
  for (const std::string& known : plan.scan().known_fields) fields_.add(known);
}

error_code JsonRowReader::read(ondemand::object& object, const char* end) {
  end_ = end;
  undeclared_field_.clear();
  return read_object(object, fields_, true);
}

// Walks to the object's end even when everything wanted is found, so that what follows is checked.
error_code JsonRowReader::read_object(ondemand::object& object, ObjectFields& fields,
                                      bool is_root) {
  fields.start_object();
  const bool checks_keys = is_root && checks_undeclared_;
  size_t missing = fields.size();
  for (auto item : object) {
    if (const error_code error = item.error()) return error;
    ondemand::field&& field = std::move(item).value_unsafe();
    if (missing == 0 && !checks_keys) continue;
    const char* raw_key = field.key().raw();
    const int32_t index = fields.match(raw_key, static_cast<size_t>(end_ - raw_key));
    if (index == ObjectFields::not_wanted) {
      if (checks_keys) note_undeclared(raw_key);
      continue;
    }
    WantedField& wanted = fields[static_cast<size_t>(index)];
    if (!fields.take(wanted)) continue;
    --missing;
    ondemand::value& value = field.value();
    const error_code error = wanted.child ? read_parent(wanted, value) : read_field(wanted, value);
    if (error) return error;
  }
  return simdjson::SUCCESS;
}

error_code JsonRowReader::read_field(const WantedField& field, ondemand::value& value) {
  if (!is_needed(field)) return simdjson::SUCCESS;
  const std::string_view token = without_trailing_space(value.raw_json_token());
  switch (token.front()) {
    case '"':
      write_string(field, value, token);
      return simdjson::SUCCESS;
    case '{':
    case '[':
      return read_container(field, value);
    case ',':
    case ':':
    case '}':
    case ']':
      return simdjson::TAPE_ERROR;
    default:
      write_scalar(field, token);
      return simdjson::SUCCESS;
  }
}

// A field with columns below it, and perhaps columns of its own.
error_code JsonRowReader::read_parent(const WantedField& field, ondemand::value& value) {
  const std::string_view token = without_trailing_space(value.raw_json_token());
  if (token.front() != '{') {
    if (token != "null") {
      std::vector<uint32_t> below;
      field.child->collect_columns(below);
      report(below, "\"" + field.key + "\" is not an object");
    }
    return read_field(field, value);
  }
  ondemand::object object;
  if (const error_code error = value.get_object().get(object)) return error;
  if (const error_code error = read_object(object, *field.child, false)) return error;
  if (!is_needed(field)) return simdjson::SUCCESS;
  const char* next = nullptr;
  if (const error_code error = value.current_location().get(next)) return error;
  const size_t size = static_cast<size_t>(next - token.data());
  write_json(field, without_trailing_space({token.data(), size}));
  return simdjson::SUCCESS;
}

error_code JsonRowReader::read_container(const WantedField& field, ondemand::value& value) {
  std::string_view json;
  if (const error_code error = simdjson::to_json_string(value).get(json)) return error;
  write_json(field, json);
  return simdjson::SUCCESS;
}

void JsonRowReader::write_string(const WantedField& field, ondemand::value& value,
                                 std::string_view token) {
  std::string_view text = token.substr(1, token.size() - 2);
  if (has_escape(text)) {
    if (value.get_string().get(text) || !is_valid_text(text)) {
      report(field.columns, "a string has an escape that is malformed or no character of text: " +
                                quoted_excerpt(token));
      return;
    }
    text = collector_.keep_text(text);
  }
  for (const uint32_t column : field.columns) {
    const PlannedColumn& planned = plan_.columns()[column];
    if (!collector_.is_needed(planned)) continue;
    if (planned.type.kind == TypeKind::text) {
      collector_.set_text(planned, column, text);
      continue;
    }
    const bool is_json_string = planned.type.kind == TypeKind::jsonb && !strings_hold_json_;
    Status written = is_json_string ? collector_.values().write_json(column, token)
                                    : collector_.values().write_text(column, text);
    if (!written) collector_.report(column, std::move(written).error());
  }
}

void JsonRowReader::write_scalar(const WantedField& field, std::string_view token) {
  if (token == "null") return;
  const bool is_boolean = token == "true" || token == "false";
  if (!is_boolean && !is_json_number(token)) {
    report(field.columns, "not a JSON value: " + quoted_excerpt(token));
    return;
  }
  for (const uint32_t column : field.columns) {
    const PlannedColumn& planned = plan_.columns()[column];
    if (!collector_.is_needed(planned)) continue;
    if (planned.type.kind == TypeKind::text) {
      collector_.set_text(planned, column, token);
      continue;
    }
    Status written = is_boolean ? collector_.values().write_boolean(column, token == "true")
                                : collector_.values().write_number(column, token);
    if (!written) collector_.report(column, std::move(written).error());
  }
}

void JsonRowReader::write_json(const WantedField& field, std::string_view json) {
  for (const uint32_t column : field.columns) {
    if (!collector_.is_needed(plan_.columns()[column])) continue;
    Status written = collector_.values().write_json(column, json);
    if (!written) collector_.report(column, std::move(written).error());
  }
}

void JsonRowReader::report(const std::vector<uint32_t>& columns, const std::string& message) {
  for (const uint32_t column : columns) {
    if (!collector_.is_needed(plan_.columns()[column])) continue;
    collector_.report(column, Error{ErrorCode::column_invalid, message});
  }
}

bool JsonRowReader::is_needed(const WantedField& field) const {
  if (!collector_.is_dropped()) return true;
  for (const uint32_t column : field.columns) {
    if (collector_.is_needed(plan_.columns()[column])) return true;
  }
  return false;
}

void JsonRowReader::note_undeclared(const char* raw_key) {
  if (!undeclared_field_.empty()) return;
  const std::string_view rest(raw_key, static_cast<size_t>(end_ - raw_key));
  undeclared_field_ = quoted_excerpt(rest.substr(0, rest.find('"')));
  collector_.report_row(Error{ErrorCode::undeclared_field,
                              "the source does not declare the field " + undeclared_field_});
}

}  // namespace sluice
