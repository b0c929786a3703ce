#include "testing/given.hpp"

#include "values/json/jsonb_text.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

// Maps and lists of YAML as JSON; scalars are texts, but for numbers, booleans and nulls.
void append_json(const Node& node, std::string& out) {
  if (node.is_null()) {
    out += "null";
  } else if (node.is_scalar()) {
    const bool is_plain_json = !node.is_quoted() && canonical_jsonb(node.text()).has_value();
    if (is_plain_json) {
      out += node.text();
    } else {
      append_json_string(node.text(), out);
    }
  } else if (node.is_list()) {
    out += '[';
    for (size_t i = 0; i < node.size(); ++i) {
      if (i > 0) out += ',';
      append_json(node[i], out);
    }
    out += ']';
  } else {
    out += '{';
    for (const auto& [key, value] : node.entries()) {
      if (out.back() != '{') out += ',';
      append_json_string(key.text(), out);
      out += ':';
      append_json(value, out);
    }
    out += '}';
  }
}

// The value of a column: texts are read as every type is; jsonb stands for itself.
void append_cell(const Node& node, const ColumnSpec* column, bool strings_hold_json,
                 std::string& out) {
  const bool is_json = column != nullptr && column->type.kind == TypeKind::jsonb;
  if (node.is_null() || (!is_json && !node.is_scalar())) {
    append_json(node, out);
  } else if (!is_json) {
    append_json_string(node.text(), out);
  } else {
    std::string json;
    const bool is_text_of_json = node.is_scalar() && canonical_jsonb(node.text()).has_value();
    if (is_text_of_json) {
      json = node.text();
    } else {
      append_json(node, json);
    }
    if (strings_hold_json) {
      append_json_string(json, out);
    } else {
      out += json;
    }
  }
}

std::string row_json(const SourceSpec& source, const Node& row, bool strings_hold_json) {
  std::string json = "{";
  for (const auto& [key, value] : row.entries()) {
    if (key.text() == "op" && source.find_column("op") == nullptr) continue;
    if (json.size() > 1) json += ',';
    append_json_string(key.text(), json);
    json += ':';
    append_cell(value, source.find_column(key.text()), strings_hold_json, json);
  }
  return json + "}";
}

const char* canal_type(const std::string& operation) {
  if (operation == "+I") return "INSERT";
  if (operation == "+U") return "UPDATE";
  return operation == "-D" ? "DELETE" : nullptr;
}

std::string record_of(const SourceSpec& source, const Node& row, bool is_changelog,
                      Diagnostics& diagnostics) {
  const Node operation = source.find_column("op") == nullptr ? row["op"] : Node();
  const char* type = "INSERT";
  if (operation) {
    type = operation.is_scalar() ? canal_type(operation.text()) : nullptr;
    if (type == nullptr || (!is_changelog && operation.text() != "+I")) {
      diagnostics.error(ErrorCode::invalid_value, operation,
                        is_changelog ? "op is +I, +U or -D"
                                     : "rows of source " + source.name + " are only inserted");
      return {};
    }
  }
  const std::string json = row_json(source, row, is_changelog);
  if (!is_changelog) return json;
  return R"({"data":[)" + json + R"(],"type":")" + type + R"(","isDdl":false})";
}

void put_lookup_row(const LookupSpec& lookup, const Node& row, TestWorld& world,
                    Diagnostics& diagnostics) {
  std::string key;
  for (const std::string& name : lookup.key) {
    const Node value = row[name];
    if (!value || !value.is_scalar()) {
      return diagnostics.error(ErrorCode::missing_field, row,
                               "a row of lookup " + lookup.name + " has no " + name);
    }
    key += value.text();
    key.push_back('\0');
  }
  TestWorld::LookupRow values;
  for (const auto& [name, value] : row.entries()) {
    if (value.is_null()) {
      values[name.text()] = std::nullopt;
    } else if (value.is_scalar()) {
      values[name.text()] = value.text();
    } else {
      std::string json;
      append_json(value, json);
      values[name.text()] = std::move(json);
    }
  }
  if (world.lookups[lookup.name].emplace(std::move(key), std::move(values)).second) return;
  diagnostics.error(ErrorCode::duplicate_key, row,
                    "lookup " + lookup.name + " has two rows for one key");
}

}  // namespace

bool GivenRows::is_changelog(const SourceSpec& source) const {
  return source.format && formats_.find_input(source.format->type)->is_changelog();
}

void GivenRows::put(const TestSpec& test, TestWorld& world, Diagnostics& diagnostics) const {
  for (const TestRowsSpec& given : test.given) {
    if (const SourceSpec* source = spec_.find_source(given.relation)) {
      for (const Node& row : given.rows) {
        world.records[given.relation].push_back(
            record_of(*source, row, is_changelog(*source), diagnostics));
      }
    } else if (const LookupSpec* lookup = spec_.find_lookup(given.relation)) {
      for (const Node& row : given.rows) put_lookup_row(*lookup, row, world, diagnostics);
    }
  }
}

}  // namespace sluice
