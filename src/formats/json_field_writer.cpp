#include "formats/json_field_writer.hpp"

#include "formats/json_tokens.hpp"
#include "values/text/bad_text.hpp"

namespace sluice {

void JsonFieldWriter::write_string(const WantedField& field, std::string_view token,
                                   std::string_view text) {
  for (const uint32_t column : field.columns) {
    const PlannedColumn& planned = plan_.columns()[column];
    if (!collector_.is_needed(planned)) continue;
    if (forms_ != nullptr && write_literal(column, {RowValue::Kind::string, token, text})) continue;
    if (planned.type.kind == TypeKind::text) {
      collector_.set_text(planned, column, text);
      continue;
    }
    if (collector_.values().write_whole_number(column, text)) continue;
    const bool is_json_string = planned.type.kind == TypeKind::jsonb && !strings_hold_json_;
    Status written = is_json_string ? collector_.values().write_json(column, token)
                                    : collector_.values().write_text(column, text);
    if (!written) collector_.report(column, std::move(written).error(), text);
  }
}

void JsonFieldWriter::write_scalar(const WantedField& field, std::string_view token) {
  if (forms_ == nullptr && field.columns.size() == 1 &&
      collector_.values().write_whole_number(field.columns.front(), token)) {
    return;
  }
  if (token == "null") return;
  const bool is_boolean = token == "true" || token == "false";
  if (!is_boolean && !is_json_number(token)) {
    return report(field.columns, "not a JSON value: " + quoted_excerpt(token), token);
  }
  for (const uint32_t column : field.columns) {
    const PlannedColumn& planned = plan_.columns()[column];
    if (!collector_.is_needed(planned)) continue;
    if (forms_ != nullptr && write_literal(column, {RowValue::Kind::scalar, token, token}))
      continue;
    if (planned.type.kind == TypeKind::text) {
      collector_.set_text(planned, column, token);
      continue;
    }
    Status written = is_boolean ? collector_.values().write_boolean(column, token == "true")
                                : collector_.values().write_number(column, token);
    if (!written) collector_.report(column, std::move(written).error(), token);
  }
}

void JsonFieldWriter::write_container(const WantedField& field, std::string_view json) {
  for (const uint32_t column : field.columns) {
    if (!collector_.is_needed(plan_.columns()[column])) continue;
    if (forms_ != nullptr && write_literal(column, {RowValue::Kind::container, json, json}))
      continue;
    Status written = collector_.values().write_json(column, json);
    if (!written) collector_.report(column, std::move(written).error(), json);
  }
}

void JsonFieldWriter::report_bad_string(const WantedField& field, std::string_view token) {
  const std::string message =
      "a string has an escape that is malformed or no character of text: " + quoted_excerpt(token);
  report(field.columns, message, token.substr(1, token.size() - 2));
}

void JsonFieldWriter::report_no_object(const WantedField& field, std::string_view text) {
  std::vector<uint32_t> below;
  field.child->collect_columns(below);
  report(below, "\"" + field.key + "\" is not an object", text);
}

std::string JsonFieldWriter::report_undeclared(std::string_view from_key) {
  std::string field = quoted_excerpt(from_key.substr(0, from_key.find('"')));
  collector_.report_row(
      Error{ErrorCode::undeclared_field, "the source does not declare the field " + field});
  return field;
}

bool JsonFieldWriter::write_literal(uint32_t column, const RowValue& value) {
  auto literal = forms_->literal(column, value);
  if (!literal) {
    collector_.report(column, std::move(literal).error(), value.text);
    return true;
  }
  if (!*literal) return false;
  const PlannedColumn& planned = plan_.columns()[column];
  const std::string_view text = collector_.keep_text(**literal);
  if (planned.type.kind == TypeKind::text) {
    collector_.set_text(planned, column, text);
    return true;
  }
  Status written = collector_.values().write_text(column, text);
  if (!written) collector_.report(column, std::move(written).error(), text);
  return true;
}

bool JsonFieldWriter::is_always_needed(const WantedField& field) const {
  for (const uint32_t column : field.columns) {
    if (plan_.columns()[column].gravity == Gravity::always) return true;
  }
  return false;
}

void JsonFieldWriter::report(const std::vector<uint32_t>& columns, const std::string& message,
                             std::string_view text) {
  for (const uint32_t column : columns) {
    if (!collector_.is_needed(plan_.columns()[column])) continue;
    collector_.report(column, Error{ErrorCode::column_invalid, message}, text);
  }
}

}  // namespace sluice
