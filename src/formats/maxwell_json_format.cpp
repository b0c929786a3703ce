// The format `maxwell_json`: the change envelopes of Maxwell's daemon, read only:
//   {"database":…,"table":…,"type":"update","ts":…,"xid":…,"data":{…},"old":{…}}
// with one row each, whose values are JSON's. `old` has the former values of the columns that
// changed. Rows of a bootstrap are inserts, since the table had them before. Maxwell writes no
// tombstones: a record without a value is lost data.
#include <algorithm>

#include "formats/envelope.hpp"
#include "values/text/bad_text.hpp"

namespace sluice {

namespace {

enum Field : size_t { data_field, old_field, type_field, database_field, table_field };

struct TypeMeaning {
  std::string_view type;
  Change::Kind kind;
};

constexpr TypeMeaning meanings[] = {
    {"insert", Change::Kind::insert},        {"update", Change::Kind::update},
    {"delete", Change::Kind::deletion},      {"bootstrap-insert", Change::Kind::insert},
    {"bootstrap-start", Change::Kind::none}, {"bootstrap-complete", Change::Kind::none},
    {"table-create", Change::Kind::none},    {"table-alter", Change::Kind::none},
    {"table-drop", Change::Kind::emptied},   {"database-create", Change::Kind::none},
    {"database-alter", Change::Kind::none},  {"database-drop", Change::Kind::none}};

class MaxwellEnvelope : public Envelope {
 public:
  Change read(const EnvelopeValues& values) override {
    Change change{.image = data_field, .former = old_field};
    const auto* meaning = std::find_if(
        std::begin(meanings), std::end(meanings),
        [&](const TypeMeaning& known) { return values[type_field].is_text(known.type); });
    if (meaning != std::end(meanings)) change.kind = meaning->kind;
    return change;
  }

  std::string fault(const EnvelopeValues& values) const override {
    const EnvelopeValue& type = values[type_field];
    std::string fault = "not an envelope of Maxwell: ";
    fault += type.kind == EnvelopeValue::Kind::text ? "`type` " + quoted_excerpt(type.text)
                                                    : std::string("no `type`");
    if (values[data_field].kind != EnvelopeValue::Kind::rows) fault += ", no row in `data`";
    return fault;
  }

  std::string name_of_emptying(const EnvelopeValues& values) const override {
    return std::string(values[type_field].text);
  }
};

}  // namespace

void register_maxwell_json(FormatRegistry& registry) {
  add_envelope_format(
      {.name = "maxwell_json",
       .shape = {.images = {"data", "old"}, .fields = {"type", "database", "table"}},
       .table_parts = {{"database", database_field}, {"table", table_field}},
       .make = [](const ScanPlan&, const Options&) { return std::make_unique<MaxwellEnvelope>(); }},
      registry);
}

}  // namespace sluice
