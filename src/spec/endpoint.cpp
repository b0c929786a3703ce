#include "spec/endpoint.hpp"

#include <algorithm>

#include "config/text_template.hpp"

namespace sluice {

namespace {

const OptionTable* table_of(const ConnectorOptions& connector, EndpointRole role) {
  switch (role) {
    case EndpointRole::source:
      return connector.source;
    case EndpointRole::sink:
      return connector.sink;
    case EndpointRole::lookup:
      return connector.lookup;
  }
  return nullptr;
}

std::string name_of(EndpointRole role) {
  return role == EndpointRole::source ? "source" : role == EndpointRole::sink ? "sink" : "lookup";
}

std::string known_connectors(const ConnectorCatalogue& catalogue, EndpointRole role) {
  std::string names;
  for (const ConnectorOptions& connector : catalogue.connectors) {
    if (table_of(connector, role) != nullptr) names += (names.empty() ? "" : ", ") + connector.name;
  }
  return names;
}

// A table with one more field, unless it has a field of that name.
OptionTable with_field(const OptionTable& table, OptionSpec field) {
  std::vector<OptionSpec> specs = table.specs();
  const bool is_declared =
      std::any_of(specs.begin(), specs.end(),
                  [&field](const OptionSpec& spec) { return spec.name == field.name; });
  if (!is_declared) specs.insert(specs.begin(), std::move(field));
  return OptionTable(std::move(specs));
}

OptionSpec connection_field() {
  return {"connection", OptionKind::text, true, "", "the connection's name"};
}

// Already reported, with the right name, as a field that is not known.
bool has_misspelt_connector(const Node& section, const ConnectorCatalogue& catalogue) {
  std::vector<std::string> names;
  for (const ConnectorOptions& connector : catalogue.connectors) names.push_back(connector.name);
  return std::any_of(
      section.entries().begin(), section.entries().end(),
      [&names](const auto& entry) { return !closest_name(entry.first.text(), names).empty(); });
}

// The one connector that the section names, or null.
const ConnectorOptions* find_connector(const Node& section, EndpointRole role,
                                       const std::string& what, SpecReader& reader) {
  const ConnectorOptions* found = nullptr;
  for (const auto& [key, value] : section.entries()) {
    const ConnectorOptions* connector = reader.catalogue().find_connector(key.text());
    if (connector == nullptr) continue;
    if (found != nullptr) {
      reader.diagnostics().error(
          ErrorCode::conflicting_fields, key,
          what + " names two connectors, " + found->name + " and " + connector->name);
      return nullptr;
    }
    found = connector;
  }
  if (found == nullptr && section.is_map() &&
      !has_misspelt_connector(section, reader.catalogue())) {
    reader.diagnostics().error(ErrorCode::missing_field, section,
                               what + " names no connector; it needs one of " +
                                   known_connectors(reader.catalogue(), role));
  }
  return found;
}

// The name and the fields of a format, written as `json` or as `{type: json, …}`.
struct WrittenFormat {
  std::string type;
  Node place;   // of the name
  Node fields;  // absent in the short form
};

std::optional<WrittenFormat> read_written_format(const Node& format, SpecReader& reader) {
  const Node type = format.is_map() ? format["type"] : format;
  if (format.is_map() && !type) {
    reader.diagnostics().error(ErrorCode::missing_field, format, "\"type\" is missing in format");
    return std::nullopt;
  }
  if (!type.is_scalar()) {
    reader.diagnostics().error(ErrorCode::invalid_value, type,
                               "\"format\" must be the name of a format, or a map with its type");
    return std::nullopt;
  }
  return WrittenFormat{type.text(), type, format.is_map() ? format : Node()};
}

const OptionTable* find_format_table(const WrittenFormat& format, EndpointRole role,
                                     SpecReader& reader) {
  const bool is_read = role == EndpointRole::source;
  std::vector<std::string> known;
  std::string list;
  for (const FormatOptions& candidate : reader.catalogue().formats) {
    const OptionTable* table = is_read ? candidate.decoder : candidate.encoder;
    if (table == nullptr) continue;
    if (candidate.name == format.type) return table;
    known.push_back(candidate.name);
    list += (list.empty() ? "" : ", ") + candidate.name;
  }
  reader.diagnostics().error(ErrorCode::invalid_value, format.place,
                             "\"" + format.type + "\" is not a format that can be " +
                                 (is_read ? "read" : "written") + "; there is " + list,
                             did_you_mean(format.type, known));
  return nullptr;
}

FormatSpec read_format_options(const WrittenFormat& written, const OptionTable& table,
                               const Node& section, EndpointRole role, SpecReader& reader) {
  OptionTable full = with_field(table, {"type", OptionKind::text, written.fields.is_map()});
  if (role == EndpointRole::source) {
    full = with_field(full, {"on_error", OptionKind::choice, false, "",
                             "what happens to records that cannot be decoded", row_policy_names()});
  }
  // The short form reads as a map without fields.
  Node fields = written.fields;
  if (!fields) {
    auto data = std::make_shared<Node::Data>();
    data->kind = Node::Kind::map;
    data->location = written.place.location();
    data->path = section.path() + ".format";
    fields = Node(std::move(data));
  }
  FormatSpec format;
  format.type = written.type;
  format.location = written.place.location();
  const bool is_default = !section["format"];
  format.options = reader.read(full, fields, "format " + written.type);
  reader.forget_default(fields.path() + ".type");
  if (is_default) {
    reader.note_default(section.path() + ".format", written.type,
                        "the format where none is stated");
  }
  return format;
}

}  // namespace

std::vector<OptionSpec> connector_fields(const ConnectorCatalogue& catalogue) {
  std::vector<OptionSpec> fields;
  for (const ConnectorOptions& connector : catalogue.connectors) {
    fields.push_back({connector.name, OptionKind::node});
  }
  return fields;
}

EndpointSpec read_endpoint(const Node& section, EndpointRole role, const std::string& what,
                           SpecReader& reader) {
  EndpointSpec endpoint;
  endpoint.location = section.location();
  const ConnectorOptions* connector = find_connector(section, role, what, reader);
  for (const ConnectorOptions& other : reader.catalogue().connectors) {
    reader.forget_default(section.path() + "." + other.name);
  }
  if (connector == nullptr) return endpoint;
  const Node fields = section[connector->name];
  endpoint.location = fields.key_location();
  const OptionTable* table = table_of(*connector, role);
  if (table == nullptr) {
    reader.diagnostics().add(
        {.code = ErrorCode::invalid_value,
         .location = endpoint.location,
         .path = fields.path(),
         .message = connector->name + " cannot be a " + name_of(role),
         .suggestion = "use one of " + known_connectors(reader.catalogue(), role)});
    return endpoint;
  }
  endpoint.connector = connector->name;
  endpoint.options = reader.read(with_field(*table, connection_field()), fields, connector->name);
  endpoint.connection = endpoint.options.text("connection");
  return endpoint;
}

std::vector<std::string> key_columns(const OptionTable& table, const Options& options) {
  for (const OptionSpec& spec : table.specs()) {
    if (spec.name != "key") continue;
    if (spec.kind == OptionKind::text_list) return options.list("key");
    const auto parsed = TextTemplate::parse(options.text("key"));
    if (spec.kind == OptionKind::text_template && parsed) return parsed->columns();
  }
  return {};
}

std::optional<FormatSpec> read_format(const Node& section, const EndpointSpec& endpoint,
                                      EndpointRole role, const std::string& default_type,
                                      SpecReader& reader) {
  const ConnectorOptions* connector = reader.catalogue().find_connector(endpoint.connector);
  if (connector == nullptr) return std::nullopt;
  const bool is_needed =
      role == EndpointRole::source ? connector->source_needs_format : connector->sink_needs_format;
  const Node format = section["format"];
  if (format && !is_needed) {
    reader.diagnostics().error(ErrorCode::conflicting_fields, format,
                               connector->name + " takes no format");
    return std::nullopt;
  }
  if (!is_needed) {
    reader.forget_default(section.path() + ".format");
    return std::nullopt;
  }
  std::optional<WrittenFormat> written;
  if (format) {
    written = read_written_format(format, reader);
  } else if (!default_type.empty()) {
    written = WrittenFormat{default_type, section, Node()};
  } else {
    reader.diagnostics().error(ErrorCode::missing_field, section,
                               "\"format\" is missing; " + connector->name + " needs one");
  }
  if (!written) return std::nullopt;
  const OptionTable* table = find_format_table(*written, role, reader);
  if (table == nullptr) return std::nullopt;
  return read_format_options(*written, *table, section, role, reader);
}

}  // namespace sluice
