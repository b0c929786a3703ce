// The format `debezium_json`: the change envelopes of Debezium, as Kafka Connect's JsonConverter
// writes them, with their schema or without, read only:
//   {"before":{…},"after":{…},"source":{"db":…,"schema":…,"table":…},"op":"u","ts_ms":…}
//   {"schema":{…},"payload":{ all of that }}
// An update may come without the row as it was, and a deletion with no more than its key: what the
// database logs is set there, by PostgreSQL's REPLICA IDENTITY. An update of the primary key comes
// as a deletion, its tombstone, and an insert.
#include "formats/debezium_values.hpp"
#include "formats/envelope.hpp"
#include "values/text/bad_text.hpp"

namespace sluice {

namespace {

enum Field : size_t {
  before_field,
  after_field,
  op_field,
  database_field,
  db_schema_field,
  table_field,
  schema_field,
  time_field,
  status_field,
  transaction_field,
  table_changes_field
};

class DebeziumEnvelope : public Envelope {
 public:
  DebeziumEnvelope(const ScanPlan& plan, const Options& options)
      : schemas_(plan),
        values_(plan, {.strings_are_decimals = options.text("decimals") == "text",
                       .unavailable_value = options.text("unavailable_value")}) {}

  Change read(const EnvelopeValues& values) override {
    Change change = change_of(values);
    const EnvelopeValue& schema = values[schema_field];
    const DebeziumForms* forms = nullptr;
    has_strange_schema_ = false;
    if (schema.kind == EnvelopeValue::Kind::object && has_rows(change.kind)) {
      forms = schemas_.of_envelope(schema.text);
      has_strange_schema_ = forms == nullptr;
    }
    if (has_strange_schema_) change.kind = Change::Kind::unknown;
    values_.start(forms);
    return change;
  }

  std::string fault(const EnvelopeValues& values) const override {
    if (has_strange_schema_) return "the record's `schema` does not describe the rows of its table";
    const EnvelopeValue& op = values[op_field];
    if (op.kind != EnvelopeValue::Kind::text) {
      return "not a Debezium envelope: no `op`; rows without an envelope are read by format json";
    }
    const std::string fault = "not a Debezium envelope: `op` " + quoted_excerpt(op.text);
    if (op.text == "d") {
      return fault + " without the row in `before`: set REPLICA IDENTITY FULL for the table";
    }
    const bool is_known = op.text == "c" || op.text == "r" || op.text == "u";
    return is_known ? fault + " without a row in `after`" : fault;
  }

  std::string name_of_emptying(const EnvelopeValues&) const override { return "TRUNCATE"; }

  void start_key(std::string_view schema) override {
    values_.start(schema.empty() ? nullptr : schemas_.of_key(schema));
  }

  ValueForms* value_forms() override { return &values_; }

 private:
  static bool has_rows(Change::Kind kind) {
    return kind == Change::Kind::insert || kind == Change::Kind::update ||
           kind == Change::Kind::deletion;
  }

  static Change change_of(const EnvelopeValues& values) {
    Change change{.image = after_field, .former = before_field};
    const EnvelopeValue& op = values[op_field];
    if (op.is_text("c") || op.is_text("r")) {
      change.kind = Change::Kind::insert;
    } else if (op.is_text("u")) {
      change.kind = Change::Kind::update;
    } else if (op.is_text("d")) {
      change.kind = Change::Kind::deletion;
      change.image = before_field;
    } else if (op.is_text("t")) {
      change.kind = Change::Kind::emptied;
    } else if (op.is_text("m") || is_of_no_table(values)) {
      change.kind = Change::Kind::none;
    }
    return change;
  }

  // Heartbeats, which hold a time alone; transactions; changes of schemas.
  static bool is_of_no_table(const EnvelopeValues& values) {
    if (values[op_field].kind != EnvelopeValue::Kind::missing) return false;
    if (values[before_field].is_given() || values[after_field].is_given()) return false;
    const EnvelopeValue& status = values[status_field];
    if (status.is_text("BEGIN") || status.is_text("END"))
      return values[transaction_field].is_given() && !values.has_other_fields;
    if (values[table_changes_field].is_given()) return true;
    return values[time_field].is_given() && !values[transaction_field].is_given() &&
           !status.is_given() && !values.has_other_fields;
  }

  DebeziumSchemas schemas_;
  DebeziumValues values_;
  bool has_strange_schema_ = false;  // of the last record
};

EnvelopeShape shape() {
  return {.images = {"before", "after"},
          .fields = {"op", "source.db", "source.schema", "source.table", "schema", "ts_ms",
                     "status", "id", "tableChanges", "event_count", "data_collections"},
          .wrapper = "payload",
          .strings_hold_json = true,
          .has_tombstones = true,
          .advice_for_unknown_key =
              "set REPLICA IDENTITY FULL for the table, or make its primary "
              "key the changelog's",
          .advice_for_bare_deletion =
              "set REPLICA IDENTITY FULL for the table, so that deletions "
              "hold more than the key"};
}

std::vector<OptionSpec> options() {
  return {{.name = "decimals",
           .kind = OptionKind::choice,
           .default_text = "schema",
           .help = "What strings in columns of numbers are: what the record's schema says, or text",
           .choices = {"schema", "text"}},
          {.name = "unavailable_value",
           .default_text = "__debezium_unavailable_value",
           .help = "What the connector writes for a value that it did not get"}};
}

}  // namespace

void register_debezium_json(FormatRegistry& registry) {
  add_envelope_format({.name = "debezium_json",
                       .shape = shape(),
                       .table_parts = {{"database", database_field},
                                       {"schema", db_schema_field},
                                       {"table", table_field}},
                       .options = options(),
                       .make =
                           [](const ScanPlan& plan, const Options& given) {
                             return std::make_unique<DebeziumEnvelope>(plan, given);
                           }},
                      registry);
}

}  // namespace sluice
