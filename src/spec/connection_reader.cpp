#include "spec/section_readers.hpp"

namespace sluice {

ConnectionSpec read_connection(const NamedNode& connection, SpecReader& reader) {
  ConnectionSpec spec;
  spec.name = connection.key.text();
  spec.location = connection.key.location();
  const std::string what = "connection " + spec.name;
  std::vector<std::string> known;
  for (const ConnectorOptions& connector : reader.catalogue().connectors) {
    known.push_back(connector.name);
  }
  const OptionSpec type_field = {"type", OptionKind::choice, true, "", "the connector", known};

  const Node type = connection.value["type"];
  const ConnectorOptions* connector =
      type.is_scalar() ? reader.catalogue().find_connector(type.text()) : nullptr;
  std::vector<OptionSpec> fields = {type_field};
  if (connector != nullptr && connector->connection != nullptr) {
    for (const OptionSpec& field : connector->connection->specs()) {
      if (field.name != type_field.name) fields.push_back(field);
    }
  } else {
    // The other fields cannot be judged without the type; only the type is reported.
    for (const auto& [key, value] : connection.value.entries()) {
      if (key.text() != type_field.name) fields.push_back({key.text(), OptionKind::node});
    }
  }
  spec.options = reader.read(OptionTable(std::move(fields)), connection.value, what);
  spec.type = connector != nullptr ? connector->name : "";
  return spec;
}

}  // namespace sluice
