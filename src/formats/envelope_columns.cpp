#include "formats/envelope_columns.hpp"

#include "values/json/jsonb_text.hpp"
#include "values/value_text.hpp"

namespace sluice {

EnvelopeColumns::EnvelopeColumns(const ScanPlan& plan, RowCollector& collector,
                                 const EnvelopeShape& shape)
    : plan_(plan),
      collector_(collector),
      shape_(shape),
      writer_(plan, collector, shape.strings_hold_json, nullptr) {
  for (size_t i = 0; i < plan.columns().size(); ++i) {
    if (!plan.columns()[i].is_in_document() || !is_in_envelope(plan.scan().columns[i])) continue;
    WantedField field;
    field.key = plan.columns()[i].name;
    field.columns = {static_cast<uint32_t>(i)};
    columns_.push_back({std::move(field), {}});
  }
}

void EnvelopeColumns::add_to(ObjectFields& fields) const {
  for (size_t i = 0; i < columns_.size(); ++i) {
    const auto number = static_cast<uint32_t>(shape_.value_count() + i);
    const std::vector<std::string>& path = plan_.scan().columns[columns_[i].field.columns[0]].path;
    std::vector<std::string> keys(path.begin() + 1, path.end());
    fields.add_path(keys, number);
    if (shape_.wrapper.empty()) continue;
    keys.insert(keys.begin(), shape_.wrapper);
    fields.add_path(keys, number);
  }
}

void EnvelopeColumns::start_record() {
  for (Taken& column : columns_) column.value = {};
}

bool EnvelopeColumns::take(size_t number, const EnvelopeValue& value) {
  EnvelopeValue& taken = columns_[number - shape_.value_count()].value;
  if (taken.kind != EnvelopeValue::Kind::missing) return true;
  taken = value;
  if (value.kind != EnvelopeValue::Kind::text) return true;
  if (!is_valid_text(value.text)) return false;
  taken.text = collector_.keep_text(value.text);
  return true;
}

void EnvelopeColumns::write() {
  for (const auto& [field, value] : columns_) {
    if (!value.is_given() || !writer_.is_needed(field)) continue;
    if (value.kind == EnvelopeValue::Kind::text) {
      std::string quoted;
      const bool is_json = plan_.columns()[field.columns.front()].type.kind == TypeKind::jsonb;
      if (is_json) append_json_string(value.text, quoted);
      writer_.write_string(field, quoted, value.text);
    } else if (value.kind == EnvelopeValue::Kind::scalar) {
      writer_.write_scalar(field, value.text);
    } else {
      writer_.write_container(field, value.text);
    }
  }
}

}  // namespace sluice
