#include "formats/debezium_schema.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "formats/envelope.hpp"

namespace sluice {

namespace {

namespace dom = simdjson::dom;
using Kind = DebeziumForm::Kind;

struct NamedForm {
  std::string_view name;
  DebeziumForm form;
};

constexpr NamedForm named_forms[] = {
    {"io.debezium.time.Date", {Kind::date}},
    {"io.debezium.time.Time", {Kind::time, TimeUnit::milliseconds}},
    {"io.debezium.time.MicroTime", {Kind::time, TimeUnit::microseconds}},
    {"io.debezium.time.NanoTime", {Kind::time, TimeUnit::nanoseconds}},
    {"io.debezium.time.Timestamp", {Kind::timestamp, TimeUnit::milliseconds}},
    {"io.debezium.time.MicroTimestamp", {Kind::timestamp, TimeUnit::microseconds}},
    {"io.debezium.time.NanoTimestamp", {Kind::timestamp, TimeUnit::nanoseconds}},
    {"io.debezium.time.MicroDuration", {Kind::duration, TimeUnit::microseconds}},
    {"io.debezium.time.NanoDuration", {Kind::duration, TimeUnit::nanoseconds}},
    {"io.debezium.data.VariableScaleDecimal", {Kind::variable_decimal}},
    {"org.apache.kafka.connect.data.Date", {Kind::date}},
    {"org.apache.kafka.connect.data.Time", {Kind::time, TimeUnit::milliseconds}},
    {"org.apache.kafka.connect.data.Timestamp", {Kind::timestamp, TimeUnit::milliseconds}},
    {"org.apache.kafka.connect.data.Decimal", {Kind::decimal}}};

std::string_view text_at(const dom::element& element, std::string_view key) {
  std::string_view text;
  if (element[key].get(text)) return {};
  return text;
}

// The field of a struct.
std::optional<dom::element> field_of(const dom::element& structure, std::string_view name) {
  dom::array fields;
  if (structure["fields"].get(fields)) return std::nullopt;
  for (const dom::element field : fields) {
    if (text_at(field, "field") == name) return field;
  }
  return std::nullopt;
}

// Where the scale cannot be read, the value cannot either: it stays text that is no number.
DebeziumForm form_of(const dom::element& field) {
  const std::string_view name = text_at(field, "name");
  const auto* known =
      std::find_if(std::begin(named_forms), std::end(named_forms),
                   [&](const NamedForm& candidate) { return candidate.name == name; });
  if (known == std::end(named_forms)) return {};
  DebeziumForm form = known->form;
  if (form.kind != Kind::decimal) return form;
  std::string_view scale;
  if (field["parameters"]["scale"].get(scale)) return {};
  const auto parsed = std::from_chars(scale.data(), scale.data() + scale.size(), form.scale);
  return parsed.ec == std::errc() ? form : DebeziumForm();
}

DebeziumForm form_at(const dom::element& row, const std::vector<std::string>& path) {
  std::optional<dom::element> at = row;
  for (const std::string& key : path) {
    if (at) at = field_of(*at, key);
  }
  return at ? form_of(*at) : DebeziumForm();
}

}  // namespace

struct DebeziumSchemas::Parser {
  dom::parser parser;
};

DebeziumSchemas::DebeziumSchemas(const ScanPlan& plan)
    : plan_(plan), parser_(std::make_unique<Parser>()) {}

DebeziumSchemas::~DebeziumSchemas() = default;

const DebeziumForms* DebeziumSchemas::of_envelope(std::string_view schema) {
  return find(schema, false);
}

const DebeziumForms* DebeziumSchemas::of_key(std::string_view schema) { return find(schema, true); }

const DebeziumForms* DebeziumSchemas::find(std::string_view schema, bool is_key) {
  const auto found = std::find_if(known_.begin(), known_.end(), [&](const Known& known) {
    return known.is_key == is_key && known.schema == schema;
  });
  if (found != known_.end()) {
    std::rotate(known_.begin(), found, found + 1);
  } else {
    if (known_.size() == most_known) known_.pop_back();
    known_.insert(known_.begin(), read(schema, is_key));
  }
  return known_.front().describes_row ? &known_.front().forms : nullptr;
}

DebeziumSchemas::Known DebeziumSchemas::read(std::string_view schema, bool is_key) {
  Known known{std::string(schema), is_key, false, DebeziumForms(plan_.columns().size())};
  dom::element root;
  if (parser_->parser.parse(schema.data(), schema.size()).get(root)) return known;
  std::optional<dom::element> row = root;
  if (!is_key) row = field_of(root, "after");
  if (!is_key && !row) row = field_of(root, "before");
  dom::array fields;
  if (!row || (*row)["fields"].get(fields)) return known;
  known.describes_row = true;
  for (size_t i = 0; i < plan_.columns().size(); ++i) {
    const ScanColumn& column = plan_.scan().columns[i];
    if (plan_.columns()[i].is_in_document() && !is_in_envelope(column))
      known.forms[i] = form_at(*row, column.path);
  }
  return known;
}

}  // namespace sluice
