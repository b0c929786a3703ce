#include "connectors/kafka/connection_failure.hpp"

#include <utility>

#include "config/credentials.hpp"

namespace sluice::kafka {

namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

Error connection_failure(const Options& connection, std::string message,
                         const std::optional<std::string>& failure) {
  const Error unreachable{ErrorCode::connection_failed, message, Retry::later,
                          "check that the brokers run and are reachable"};
  if (!failure) return unreachable;
  message += " (" + *failure + ")";
  if (failure->starts_with("SASL authentication error"))
    return refused_credentials(connection, {"username", "password"}, std::move(message));
  const std::string security = field_path(connection, "security");
  if (contains(*failure, "Unsupported SASL mechanism")) {
    return {ErrorCode::authentication_failed, std::move(message), Retry::never,
            "set " + field_path(connection, "mechanism") + " to one that the brokers support"};
  }
  if (contains(*failure, "mechanism handshake failed")) {
    return {ErrorCode::authentication_failed, std::move(message), Retry::never,
            "the brokers' listener takes no credentials: correct " + security + " or the port in " +
                field_path(connection, "brokers")};
  }
  // A guess of the client: a broker that is about to stop may look the same.
  if (contains(*failure, "might require SASL")) {
    return {ErrorCode::authentication_failed, std::move(message), Retry::later,
            "set " + security + ", username and password as the brokers' listener asks for"};
  }
  if (contains(*failure, "security.protocol") || contains(*failure, "SSL ")) {
    return {ErrorCode::connection_failed, std::move(message), Retry::later,
            "set " + security + ", and ca_file, as the brokers' listener asks for"};
  }
  return {ErrorCode::connection_failed, std::move(message), Retry::later, unreachable.advice};
}

Error not_allowed(const Options& connection, std::string message) {
  std::string advice = "let the brokers give the user the right";
  if (connection.is_given("username"))
    advice += ", or correct " + field_path(connection, "username");
  return {ErrorCode::authentication_failed, std::move(message), Retry::never, std::move(advice)};
}

}  // namespace sluice::kafka
