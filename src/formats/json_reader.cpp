#include "formats/json_reader.hpp"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <functional>

#include "data/text_io.hpp"
#include "formats/json_field_writer.hpp"
#include "formats/json_tokens.hpp"

namespace sluice {

namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

std::string_view token_of(ondemand::value& value) {
  return without_trailing_space(value.raw_json_token());
}

// What a value says, as written: a string's characters, a list to its end.
std::string_view shown(std::string_view token, const char* end) {
  if (token.front() == '"') return token.substr(1, token.size() - 2);
  return token.front() == '[' ? container_at(token.data(), end) : token;
}

// Whether a value stands between the right tokens of a document that ends at `end`. simdjson's own
// skipping takes a bracket, comma or colon in place of a value, and `"a":"b":1` and `{1}`, for
// something they are not, and then loses count of the brackets; in an unclosed list it even goes on
// past the end. Behind a value stands at least the root's bracket.
inline bool is_well_placed(ondemand::value& value, const char* end) {
  const std::string_view token = value.raw_json_token();
  return token.data() < end && is_value_start(token.front(), token.data()[token.size()]);
}

// Whether the object that the document starts with ends before the document does.
bool is_closed(std::string_view document) {
  const size_t start = document.find('{');
  if (start == std::string_view::npos) return false;
  const char* end = document.data() + document.size();
  return container_at(document.data() + start, end).end() != end;
}

JsonFault fault_of(error_code error) {
  switch (error) {
    case simdjson::SUCCESS:
      return {};
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
    case simdjson::TRAILING_CONTENT:
      return "broken JSON: something follows the end of the object";
    case simdjson::TAPE_ERROR:
      return "broken JSON: brackets, commas or colons do not fit";
    default:
      return simdjson::error_message(error);
  }
}

}  // namespace

class JsonReader::Walk {
 public:
  // `scope`: which of the plan's columns it reads.
  enum class Scope : uint8_t { all, needed };
  Walk(const ScanPlan& plan, RowCollector& collector, const Envelope& envelope, Scope scope);

  error_code read_row(std::string_view bytes);
  error_code read_envelope(std::string_view bytes, std::vector<EnvelopeValue>& values);
  const std::string& undeclared_field() const { return undeclared_field_; }
  void release_large_buffers();

 private:
  error_code prepare(std::string_view bytes);
  template <class Read>
  error_code read_root(std::string_view bytes, Read read);
  // `text`: of the row, where not all of it is read.
  void start_row(std::string_view text);
  error_code read_object(ondemand::object& object, ObjectFields& fields, bool is_row);
  void read_field(const WantedField& field, ondemand::value& value);
  error_code read_parent(const WantedField& field, ondemand::value& value);
  void read_string(const WantedField& field, ondemand::value& value, std::string_view token);
  error_code read_envelope_fields(ondemand::object& root, std::vector<EnvelopeValue>& values);
  error_code read_envelope_value(ondemand::value& value, bool holds_rows, EnvelopeValue& result);
  error_code read_rows(ondemand::value& value, EnvelopeValue& result);

  RowCollector& collector_;
  JsonFieldWriter writer_;
  ondemand::parser parser_;
  ObjectFields envelope_fields_;  // the list of rows first
  ObjectFields fields_;           // of a row
  const Scope scope_;
  const bool checks_undeclared_;
  std::string undeclared_field_;
  const char* end_ = nullptr;  // of the document
  bool may_have_escapes_ = false;
};

JsonReader::Walk::Walk(const ScanPlan& plan, RowCollector& collector, const Envelope& envelope,
                       Scope scope)
    : collector_(collector),
      writer_(plan, collector, envelope.strings_hold_json),
      scope_(scope),
      checks_undeclared_(plan.scan().on_unknown_field != UnknownField::ignore) {
  envelope_fields_.add(envelope.rows_key);
  for (const std::string_view key : envelope.other_keys) envelope_fields_.add(key);
  for (size_t i = 0; i < plan.columns().size(); ++i) {
    const PlannedColumn& column = plan.columns()[i];
    const bool is_read = scope == Scope::all || !column.is_carried;
    if (!column.is_in_document() || !is_read) continue;
    fields_.add_path(plan.scan().columns[i].path, static_cast<uint32_t>(i));
  }
  if (!checks_undeclared_) return;
  for (const std::string& known : plan.scan().known_fields) fields_.add(known);
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
  ondemand::document&& document = std::move(parsed).value_unsafe();
  auto root = document.get_object();
  if (const error_code error = root.error()) {
    // The parser looks at the last character alone.
    const bool ends_early = error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT && is_closed(bytes);
    return ends_early ? simdjson::TRAILING_CONTENT : error;
  }
  if (const error_code error = read(std::move(root).value_unsafe())) return error;
  const bool is_at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  return is_at_end ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
}

error_code JsonReader::Walk::read_row(std::string_view bytes) {
  return read_root(bytes, [&](ondemand::object&& root) {
    start_row(bytes);
    return read_object(root, fields_, true);
  });
}

void JsonReader::Walk::start_row(std::string_view text) {
  collector_.start_row();
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
    if (!is_well_placed(field.value(), end_)) return simdjson::TAPE_ERROR;
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
    if (token != "null") writer_.report_no_object(field, shown(token, end_));
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

error_code JsonReader::Walk::read_envelope(std::string_view bytes,
                                           std::vector<EnvelopeValue>& values) {
  values.assign(envelope_fields_.size(), EnvelopeValue());
  if (scope_ == Scope::needed) collector_.discard();  // what another walk has staged of it
  return read_root(bytes,
                   [&](ondemand::object&& root) { return read_envelope_fields(root, values); });
}

error_code JsonReader::Walk::read_envelope_fields(ondemand::object& root,
                                                  std::vector<EnvelopeValue>& values) {
  envelope_fields_.start_object();
  for (auto item : root) {
    if (const error_code error = item.error()) return error;
    ondemand::field&& field = std::move(item).value_unsafe();
    if (!is_well_placed(field.value(), end_)) return simdjson::TAPE_ERROR;
    const char* key = field.key().raw();
    const int32_t match = envelope_fields_.match(key, static_cast<size_t>(end_ - key));
    if (match == ObjectFields::not_wanted) continue;
    const auto index = static_cast<size_t>(match);
    if (!envelope_fields_.take(envelope_fields_[index])) continue;
    const error_code error = read_envelope_value(field.value(), index == 0, values[index]);
    if (error) return error;
  }
  return simdjson::SUCCESS;
}

error_code JsonReader::Walk::read_envelope_value(ondemand::value& value, bool holds_rows,
                                                 EnvelopeValue& result) {
  const std::string_view token = token_of(value);
  switch (token.front()) {
    case '"':
      result.kind = EnvelopeValue::Kind::text;
      return value.get_string().get(result.text);
    case '{':
    case '[':
      if (holds_rows && token.front() == '[') return read_rows(value, result);
      result.kind = EnvelopeValue::Kind::object;
      result.text = container_at(token.data(), end_);
      return simdjson::SUCCESS;
    default:
      result.kind = token == "null" ? EnvelopeValue::Kind::null : EnvelopeValue::Kind::scalar;
      result.text = token;
      return simdjson::SUCCESS;
  }
}

error_code JsonReader::Walk::read_rows(ondemand::value& value, EnvelopeValue& result) {
  result.kind = EnvelopeValue::Kind::rows;
  ondemand::array rows;
  if (const error_code error = value.get_array().get(rows)) return error;
  for (auto element : rows) {
    if (const error_code error = element.error()) return error;
    ondemand::value&& row = std::move(element).value_unsafe();
    if (!is_well_placed(row, end_)) return simdjson::TAPE_ERROR;
    const std::string_view token = row.raw_json_token();
    if (!token.starts_with('{')) {
      result.has_bad_rows = true;
      continue;
    }
    ondemand::object object;
    if (const error_code error = row.get_object().get(object)) return error;
    start_row(scope_ == Scope::all ? token : container_at(token.data(), end_));
    if (const error_code error = read_object(object, fields_, true)) return error;
    collector_.stage_row();
    ++result.rows;
  }
  return simdjson::SUCCESS;
}

void JsonReader::Walk::release_large_buffers() {
  constexpr size_t kept_capacity = 1024 * 1024;
  if (parser_.capacity() > kept_capacity) parser_ = ondemand::parser();
}

JsonReader::JsonReader(const ScanPlan& plan, RowCollector& collector)
    : JsonReader(plan, collector, Envelope()) {}

JsonReader::JsonReader(const ScanPlan& plan, RowCollector& collector, const Envelope& envelope)
    : walk_(std::make_unique<Walk>(plan, collector, envelope, Walk::Scope::all)),
      last_(walk_.get()) {
  const auto& columns = plan.columns();
  if (std::any_of(columns.begin(), columns.end(), std::mem_fn(&PlannedColumn::is_carried)))
    needed_walk_ = std::make_unique<Walk>(plan, collector, envelope, Walk::Scope::needed);
}

JsonReader::~JsonReader() = default;

template <class Read>
JsonFault JsonReader::read(Read read) {
  last_ = walk_.get();
  error_code error = read(*last_);
  if (error && needed_walk_) {
    last_ = needed_walk_.get();
    error = read(*last_);
  }
  return fault_of(error);
}

JsonFault JsonReader::read_row(std::string_view bytes) {
  return read([&](Walk& walk) { return walk.read_row(bytes); });
}

JsonFault JsonReader::read_envelope(std::string_view bytes, std::vector<EnvelopeValue>& values) {
  return read([&](Walk& walk) { return walk.read_envelope(bytes, values); });
}

const std::string& JsonReader::undeclared_field() const { return last_->undeclared_field(); }

void JsonReader::release_large_buffers() {
  walk_->release_large_buffers();
  if (needed_walk_) needed_walk_->release_large_buffers();
}

}  // namespace sluice
