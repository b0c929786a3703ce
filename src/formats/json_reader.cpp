#include "formats/json_reader.hpp"

#include <simdjson.h>

#include <algorithm>
#include <bit>

#include "formats/envelope_columns.hpp"
#include "formats/envelope_fields.hpp"
#include "formats/json_fault.hpp"
#include "formats/json_field_writer.hpp"
#include "formats/json_tokens.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

std::string_view token_of(ondemand::value& value) {
  return without_trailing_space(value.raw_json_token());
}

}  // namespace

class JsonReader::Walk {
 public:
  // Which of the plan's columns it reads.
  enum class Scope : uint8_t { all, needed };
  // All that it is given outlives it.
  Walk(const ScanPlan& plan, RowCollector& collector, EnvelopeColumns& columns, ValueForms* forms,
       Scope scope);

  error_code read_row(std::string_view bytes, bool is_in_envelope);
  error_code read_envelope(std::string_view bytes, EnvelopeValues& values);
  // Each image can be read once: its strings are unescaped into a buffer with room for them once.
  error_code read_rows(size_t image, EnvelopeValue& value);
  const std::string& undeclared_field() const { return undeclared_field_; }
  void release_large_buffers();

 private:
  // Where an image was found: an object, or a list of them.
  struct Image {
    ondemand::object row;
    ondemand::array rows;
  };
  error_code prepare(std::string_view bytes);
  template <class Read>
  error_code read_root(std::string_view bytes, Read read);
  // `text`: of the row, where not all of it is read.
  void start_row(std::string_view text, bool is_in_envelope);
  error_code stage_row(ondemand::object& row, std::string_view text);
  error_code read_object(ondemand::object& object, ObjectFields& fields, bool is_row);
  void read_field(const WantedField& field, ondemand::value& value);
  error_code read_parent(const WantedField& field, ondemand::value& value);
  void read_string(const WantedField& field, ondemand::value& value, std::string_view token);
  error_code read_fields(ondemand::object& object, ObjectFields& fields, bool is_top,
                         EnvelopeValues& values);
  error_code read_wanted(const WantedField& wanted, ondemand::value& value, EnvelopeValues& values);
  error_code read_value(ondemand::value& value, size_t index, EnvelopeValue& result);
  error_code read_container(ondemand::value& value, size_t index, EnvelopeValue& result);

  RowCollector& collector_;
  EnvelopeColumns& columns_;
  const EnvelopeShape& shape_;
  JsonFieldWriter writer_;
  ondemand::parser parser_;
  ondemand::document document_;   // stays open until the next one
  ObjectFields envelope_fields_;  // the indices of their values take the place of columns
  std::vector<Image> images_;     // the last is of what is none
  ObjectFields fields_;           // of a row
  const Scope scope_;
  const bool checks_undeclared_;
  std::string undeclared_field_;
  const char* end_ = nullptr;  // of the document
  bool may_have_escapes_ = false;
};

JsonReader::Walk::Walk(const ScanPlan& plan, RowCollector& collector, EnvelopeColumns& columns,
                       ValueForms* forms, Scope scope)
    : collector_(collector),
      columns_(columns),
      shape_(columns.shape()),
      writer_(plan, collector, shape_.strings_hold_json, forms),
      images_(shape_.images.size() + 1),
      scope_(scope),
      checks_undeclared_(plan.scan().on_unknown_field != UnknownField::ignore) {
  add_fields(shape_, envelope_fields_);
  columns.add_to(envelope_fields_);
  add_row_fields(plan, scope == Scope::all, fields_);
}

// Before a document: makes room for it.
error_code JsonReader::Walk::prepare(std::string_view bytes) {
  static_assert(Arena::padding_bytes >= simdjson::SIMDJSON_PADDING);
  end_ = bytes.data() + bytes.size();
  may_have_escapes_ = has_escape(bytes);
  undeclared_field_.clear();
  if (parser_.capacity() >= std::max<size_t>(bytes.size(), 1)) return simdjson::SUCCESS;
  constexpr size_t smallest_capacity = 4096;
  return parser_.allocate(std::max(smallest_capacity, std::bit_ceil(bytes.size())));
}

// Reads the document's root object with `read(object)`; after it the document has to end.
template <class Read>
error_code JsonReader::Walk::read_root(std::string_view bytes, Read read) {
  if (const error_code error = prepare(bytes)) return error;
  auto parsed = parser_.iterate(bytes, bytes.size() + simdjson::SIMDJSON_PADDING);
  if (const error_code error = parsed.error()) return error;
  document_ = std::move(parsed).value_unsafe();
  auto root = document_.get_object();
  if (const error_code error = root.error()) {
    // The parser looks at the last character alone.
    const bool ends_early =
        error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT && is_closed_object(bytes);
    return ends_early ? simdjson::TRAILING_CONTENT : error;
  }
  if (const error_code error = read(std::move(root).value_unsafe())) return error;
  const bool is_at_end = document_.current_location().error() == simdjson::OUT_OF_BOUNDS;
  return is_at_end ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
}

error_code JsonReader::Walk::read_row(std::string_view bytes, bool is_in_envelope) {
  return read_root(bytes, [&](ondemand::object&& root) {
    start_row(bytes, is_in_envelope);
    return read_object(root, fields_, true);
  });
}

void JsonReader::Walk::start_row(std::string_view text, bool is_in_envelope) {
  collector_.start_row();
  if (is_in_envelope) columns_.write();
  if (scope_ == Scope::needed) collector_.report_unreadable(text);
}

// Walks to the object's end even when everything wanted is found, so that what follows is checked.
error_code JsonReader::Walk::read_object(ondemand::object& object, ObjectFields& fields,
                                         bool is_row) {
  fields.start_object();
  const bool checks_keys = is_row && checks_undeclared_;
  size_t missing = fields.size();
  for (auto item : object) {
    if (const error_code error = item.error()) return error;
    ondemand::field&& field = std::move(item).value_unsafe();
    if (!is_well_placed(field.value().raw_json_token(), end_)) return simdjson::TAPE_ERROR;
    if (missing == 0 && !checks_keys) continue;
    const char* key = field.key().raw();
    const size_t readable = static_cast<size_t>(end_ - key);
    const int32_t index = fields.match(key, readable);
    if (index == ObjectFields::not_wanted) {
      if (checks_keys && undeclared_field_.empty()) {
        undeclared_field_ = writer_.report_undeclared({key, readable});
      }
      continue;
    }
    WantedField& wanted = fields[static_cast<size_t>(index)];
    if (!fields.take(wanted)) continue;
    --missing;
    ondemand::value& value = field.value();
    if (!wanted.child) {
      read_field(wanted, value);
    } else if (const error_code error = read_parent(wanted, value)) {
      return error;
    }
  }
  return simdjson::SUCCESS;
}

void JsonReader::Walk::read_field(const WantedField& field, ondemand::value& value) {
  if (!writer_.is_needed(field)) return;
  const std::string_view token = token_of(value);
  switch (token.front()) {
    case '"':
      return read_string(field, value, token);
    case '{':
    case '[':
      return writer_.write_container(field, container_at(token.data(), end_));
    default:
      return writer_.write_scalar(field, token);
  }
}

void JsonReader::Walk::read_string(const WantedField& field, ondemand::value& value,
                                   std::string_view token) {
  std::string_view text = token.substr(1, token.size() - 2);
  if (may_have_escapes_ && has_escape(text)) {
    // The unescaped text lies in the parser's buffer, which the next document overwrites.
    if (value.get_string().get(text) || !is_valid_text(text)) {
      return writer_.report_bad_string(field, token);
    }
    text = collector_.keep_text(text);
  }
  writer_.write_string(field, token, text);
}

// A field with columns below it, and perhaps columns of its own.
error_code JsonReader::Walk::read_parent(const WantedField& field, ondemand::value& value) {
  const std::string_view token = token_of(value);
  if (token.front() != '{') {
    if (token != "null") writer_.report_no_object(field, text_of_token(token, end_));
    read_field(field, value);
    return simdjson::SUCCESS;
  }
  ondemand::object object;
  if (const error_code error = value.get_object().get(object)) return error;
  if (const error_code error = read_object(object, *field.child, false)) return error;
  if (!field.columns.empty() && writer_.is_needed(field)) {
    writer_.write_container(field, container_at(token.data(), end_));
  }
  return simdjson::SUCCESS;
}

error_code JsonReader::Walk::stage_row(ondemand::object& row, std::string_view text) {
  start_row(text, true);
  if (const error_code error = read_object(row, fields_, true)) return error;
  collector_.stage_row();
  return simdjson::SUCCESS;
}

void JsonReader::Walk::release_large_buffers() {
  constexpr size_t kept_capacity = 1024 * 1024;
  if (parser_.capacity() > kept_capacity) parser_ = ondemand::parser();
}

error_code JsonReader::Walk::read_envelope(std::string_view bytes, EnvelopeValues& values) {
  columns_.start_record();
  values.values.assign(shape_.value_count(), EnvelopeValue());
  values.has_other_fields = false;
  return read_root(bytes, [&](ondemand::object&& root) {
    return read_fields(root, envelope_fields_, true, values);
  });
}

error_code JsonReader::Walk::read_fields(ondemand::object& object, ObjectFields& fields,
                                         bool is_top, EnvelopeValues& values) {
  fields.start_object();
  for (auto item : object) {
    if (const error_code error = item.error()) return error;
    ondemand::field&& field = std::move(item).value_unsafe();
    ondemand::value& value = field.value();
    if (!is_well_placed(value.raw_json_token(), end_)) return simdjson::TAPE_ERROR;
    const char* key = field.key().raw();
    const int32_t match = fields.match(key, static_cast<size_t>(end_ - key));
    if (match == ObjectFields::not_wanted) {
      values.has_other_fields = values.has_other_fields || is_top;
      continue;
    }
    WantedField& wanted = fields[static_cast<size_t>(match)];
    if (!fields.take(wanted)) continue;
    if (!wanted.child || token_of(value).front() != '{') {
      if (const error_code error = read_wanted(wanted, value, values)) return error;
      continue;
    }
    const char* start = token_of(value).data();
    ondemand::object below;
    if (const error_code error = value.get_object().get(below)) return error;
    const bool is_wrapper = is_top && wanted.key == shape_.wrapper;
    if (const error_code error = read_fields(below, *wanted.child, is_wrapper, values))
      return error;
    for (const uint32_t index : wanted.columns)
      (void)columns_.take(index, {EnvelopeValue::Kind::object, container_at(start, end_)});
  }
  return simdjson::SUCCESS;
}

// A value that fields of the envelope want, or columns, or both.
error_code JsonReader::Walk::read_wanted(const WantedField& wanted, ondemand::value& value,
                                         EnvelopeValues& values) {
  if (wanted.columns.empty()) return simdjson::SUCCESS;
  const size_t first = wanted.columns.front();
  const bool is_field = first < shape_.value_count();
  if (is_field && values.values[first].kind != EnvelopeValue::Kind::missing)
    return simdjson::SUCCESS;
  EnvelopeValue other;
  EnvelopeValue& found = is_field ? values.values[first] : other;
  if (const error_code error = read_value(value, first, found)) return error;
  for (size_t i = is_field ? 1 : 0; i < wanted.columns.size(); ++i) {
    if (!columns_.take(wanted.columns[i], found)) return simdjson::STRING_ERROR;
  }
  return simdjson::SUCCESS;
}

error_code JsonReader::Walk::read_value(ondemand::value& value, size_t index,
                                        EnvelopeValue& result) {
  const std::string_view token = token_of(value);
  switch (token.front()) {
    case '"':
      result.kind = EnvelopeValue::Kind::text;
      return value.get_string().get(result.text);
    case '{':
    case '[':
      return read_container(value, index, result);
    default:
      result.kind = token == "null" ? EnvelopeValue::Kind::null : EnvelopeValue::Kind::scalar;
      result.text = token;
      return simdjson::SUCCESS;
  }
}

// An object or a list as written, which is not looked into.
error_code JsonReader::Walk::read_container(ondemand::value& value, size_t index,
                                            EnvelopeValue& result) {
  const bool is_list = token_of(value).front() == '[';
  const bool holds_rows = index < shape_.images.size() && is_list == shape_.images_are_lists;
  Image& image = images_[std::min(index, shape_.images.size())];
  result.kind = holds_rows ? EnvelopeValue::Kind::rows : EnvelopeValue::Kind::object;
  if (is_list) {
    if (const error_code error = value.get_array().get(image.rows)) return error;
    if (const error_code error = image.rows.raw_json().get(result.text)) return error;
  } else {
    if (const error_code error = value.get_object().get(image.row)) return error;
    if (const error_code error = image.row.raw_json().get(result.text)) return error;
  }
  result.text = without_trailing_space(result.text);
  return simdjson::SUCCESS;
}

error_code JsonReader::Walk::read_rows(size_t index, EnvelopeValue& value) {
  if (value.kind != EnvelopeValue::Kind::rows) return simdjson::SUCCESS;
  Image& image = images_[index];
  if (!shape_.images_are_lists) {
    if (const error_code error = image.row.reset().error()) return error;
    value.rows = 1;
    return stage_row(image.row, value.text);
  }
  if (const error_code error = image.rows.reset().error()) return error;
  for (auto element : image.rows) {
    if (const error_code error = element.error()) return error;
    ondemand::value&& row = std::move(element).value_unsafe();
    if (!is_well_placed(row.raw_json_token(), end_)) return simdjson::TAPE_ERROR;
    const std::string_view token = row.raw_json_token();
    if (!token.starts_with('{')) {
      value.has_bad_rows = true;
      continue;
    }
    ondemand::object object;
    if (const error_code error = row.get_object().get(object)) return error;
    const std::string_view text = scope_ == Scope::all ? token : container_at(token.data(), end_);
    if (const error_code error = stage_row(object, text)) return error;
    ++value.rows;
  }
  return simdjson::SUCCESS;
}

JsonReader::JsonReader(const ScanPlan& plan, RowCollector& collector)
    : JsonReader(plan, collector, no_envelope, nullptr) {}

JsonReader::JsonReader(const ScanPlan& plan, RowCollector& collector, const EnvelopeShape& shape,
                       ValueForms* forms)
    : collector_(collector),
      columns_(plan, collector, shape),
      walk_(std::make_unique<Walk>(plan, collector, columns_, forms, Walk::Scope::all)),
      last_(walk_.get()) {
  const auto& columns = plan.columns();
  if (std::any_of(columns.begin(), columns.end(), [](const auto& one) { return one.is_carried; }))
    needed_walk_ = std::make_unique<Walk>(plan, collector, columns_, forms, Walk::Scope::needed);
}

JsonReader::~JsonReader() = default;

JsonFault JsonReader::read_row(std::string_view bytes, bool is_in_envelope) {
  last_ = walk_.get();
  error_code error = last_->read_row(bytes, is_in_envelope);
  if (error && needed_walk_) {
    last_ = needed_walk_.get();
    error = last_->read_row(bytes, is_in_envelope);
  }
  return json_fault(error);
}

JsonFault JsonReader::read_envelope(std::string_view bytes, EnvelopeValues& values) {
  return json_fault(walk_->read_envelope(bytes, values));
}

JsonFault JsonReader::read_rows(std::string_view bytes, size_t image, EnvelopeValues& values) {
  last_ = walk_.get();
  const EnvelopeValue found = values[image];
  error_code error = last_->read_rows(image, values.values[image]);
  if (error && needed_walk_) {
    last_ = needed_walk_.get();
    collector_.discard();  // what the other walk has staged of it
    values.values[image] = found;
    EnvelopeValues same;
    error = last_->read_envelope(bytes, same);
    if (!error) error = last_->read_rows(image, values.values[image]);
  }
  return json_fault(error);
}

const std::string& JsonReader::undeclared_field() const { return last_->undeclared_field(); }

void JsonReader::release_large_buffers() {
  walk_->release_large_buffers();
  if (needed_walk_) needed_walk_->release_large_buffers();
}

}  // namespace sluice
