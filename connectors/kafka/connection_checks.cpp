#include "connectors/kafka/connection_checks.hpp"

#include <string_view>

#include "connectors/kafka/kafka_client.hpp"

namespace sluice::kafka {

namespace {

void check_properties(const Node& properties, Diagnostics& diagnostics) {
  if (!properties) return;
  if (!properties.is_map()) {
    return diagnostics.error(ErrorCode::invalid_value, properties,
                             "\"properties\" must be a map of librdkafka's settings");
  }
  for (const auto& [name, value] : properties.entries()) {
    if (value.is_unresolved()) continue;
    if (!value.is_scalar()) {
      diagnostics.error(ErrorCode::invalid_value, value,
                        "Kafka setting " + name.text() + " must be a single value");
      continue;
    }
    const Status status = check_property(name.text(), value.text());
    if (status) continue;
    diagnostics.error(status.error().code, name, status.error().message, status.error().advice);
  }
}

// An empty value, as of a variable that is not set for this environment, says nothing. Offline a
// value may be unknown.
bool is_filled(const Options& connection, const char* field) {
  if (!connection.is_given(field)) return false;
  const bool is_empty = std::string_view(field) == "password" ? connection.secret(field).empty()
                                                              : connection.text(field).empty();
  return !connection.is_known(field) || !is_empty;
}

void check_credentials(const Options& connection, Diagnostics& diagnostics) {
  const bool uses_sasl = connection.text("security").starts_with("sasl_");
  for (const char* field : {"username", "password"}) {
    if (uses_sasl && !is_filled(connection, field)) {
      diagnostics.add({.code = ErrorCode::missing_field,
                       .location = connection.location("security"),
                       .path = connection.node("security").path(),
                       .message = "security " + connection.text("security") +
                                  " needs the field \"" + field + "\""});
    } else if (!uses_sasl && is_filled(connection, field)) {
      diagnostics.error(ErrorCode::conflicting_fields, connection.node(field),
                        std::string("\"") + field + "\" has no meaning with security " +
                            connection.text("security"),
                        "use security: sasl_ssl or sasl_plaintext");
    }
  }
}

}  // namespace

void check_connection(const Options& connection, Diagnostics& diagnostics) {
  if (!connection.is_given("security") || connection.is_known("security"))
    check_credentials(connection, diagnostics);
  check_properties(connection.node("properties"), diagnostics);
}

}  // namespace sluice::kafka
