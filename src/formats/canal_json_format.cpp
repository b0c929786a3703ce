// The format `canal_json`: the change envelopes of Canal, read only:
//   {"data":[{…},…],"old":[{…},…],"type":"UPDATE","database":…,"table":…,"isDdl":false,…}
// with one row per element of `data`, whose values are strings. `old` has the former values of the
// columns that changed. Canal writes no tombstones: a record without a value is lost data.
#include "formats/envelope.hpp"
#include "values/text/bad_text.hpp"

namespace sluice {

namespace {

enum Field : size_t { data_field, old_field, type_field, ddl_field, database_field, table_field };

class CanalEnvelope : public Envelope {
 public:
  Change read(const EnvelopeValues& values) override {
    Change change{.image = data_field};
    if (values[ddl_field].text == "true") {
      change.kind =
          is_emptying(values[type_field].text) ? Change::Kind::emptied : Change::Kind::none;
    } else if (values[type_field].is_text("INSERT")) {
      change.kind = Change::Kind::insert;
    } else if (values[type_field].is_text("UPDATE")) {
      change.kind = Change::Kind::update;
      change.former = old_field;
    } else if (values[type_field].is_text("DELETE")) {
      change.kind = Change::Kind::deletion;
    }
    return change;
  }

  std::string fault(const EnvelopeValues& values) const override {
    const EnvelopeValue& type = values[type_field];
    std::string fault = "not a Canal envelope: ";
    fault += type.kind == EnvelopeValue::Kind::text ? "`type` " + quoted_excerpt(type.text)
                                                    : std::string("no `type`");
    if (values[data_field].rows == 0) fault += ", no rows in `data`";
    if (values[data_field].has_bad_rows) fault += ", a row that is no object";
    return fault;
  }

  std::string name_of_emptying(const EnvelopeValues& values) const override {
    return std::string(values[type_field].text);
  }

 private:
  // DROP TABLE is called ERASE.
  static bool is_emptying(std::string_view type) { return type == "TRUNCATE" || type == "ERASE"; }
};

}  // namespace

void register_canal_json(FormatRegistry& registry) {
  add_envelope_format(
      {.name = "canal_json",
       .shape = {.images = {"data", "old"},
                 .images_are_lists = true,
                 .fields = {"type", "isDdl", "database", "table"},
                 .strings_hold_json = true},
       .table_parts = {{"database", database_field}, {"table", table_field}},
       .make = [](const ScanPlan&, const Options&) { return std::make_unique<CanalEnvelope>(); }},
      registry);
}

}  // namespace sluice
