#include "connectors/postgres/pg_operation.hpp"

#include <nlohmann/json.hpp>

#include "base/assert.hpp"

namespace sluice::postgres {

const std::string& SinkDefinition::type_of(std::string_view column) const {
  for (const DefinedColumn& candidate : columns) {
    if (candidate.name == column) return candidate.type;
  }
  SLUICE_ASSERT(false, "a key column is among the columns");
}

std::string describe_place(const SinkDefinition& definition) {
  const std::string table = "table " + definition.table;
  return definition.sink.empty() ? table : "sink " + definition.sink + ", " + table;
}

std::string encode_definition(const SinkDefinition& definition) {
  nlohmann::json json = {{"connector", "postgres"},        {"version", 1},
                         {"sink", definition.sink},        {"table", definition.table},
                         {"upsert", definition.is_upsert}, {"key", definition.key}};
  json["columns"] = nlohmann::json::array();
  for (const auto& column : definition.columns)
    json["columns"].push_back({{"name", column.name}, {"type", column.type}});
  return json.dump();
}

Result<SinkDefinition> decode_definition(std::string_view text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  const bool is_known = json.is_object() && json.value("connector", "") == "postgres" &&
                        json.value("version", 0) == 1;
  if (!is_known)
    return fail(ErrorCode::state_version,
                "a spool's sink definition is not known: " + std::string(text));
  try {
    SinkDefinition definition;
    definition.sink = json.value("sink", "");
    definition.table = json.at("table").get<std::string>();
    definition.is_upsert = json.at("upsert").get<bool>();
    definition.key = json.at("key").get<std::vector<std::string>>();
    for (const auto& column : json.at("columns")) {
      definition.columns.push_back(
          {column.at("name").get<std::string>(), column.at("type").get<std::string>()});
    }
    return definition;
  } catch (const nlohmann::json::exception& problem) {
    return fail(ErrorCode::state_corrupt,
                std::string("a spool's sink definition is malformed: ") + problem.what());
  }
}

}  // namespace sluice::postgres
