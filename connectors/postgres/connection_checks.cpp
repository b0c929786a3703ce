#include "connectors/postgres/connection_checks.hpp"

#include <libpq-fe.h>

#include <initializer_list>
#include <map>
#include <memory>
#include <string_view>

namespace sluice::postgres {

namespace {

struct MessageDeleter {
  void operator()(char* message) const { PQfreemem(message); }
};
struct ParametersDeleter {
  void operator()(PQconninfoOption* parameters) const { PQconninfoFree(parameters); }
};
using Parameters = std::unique_ptr<PQconninfoOption, ParametersDeleter>;

// libpq's message may repeat any part of what it could not read.
std::string describe_problem(const std::string& dsn, std::string message) {
  if (dsn.find("passw") != std::string::npos) return "it cannot be read";
  while (message.ends_with('\n')) message.pop_back();
  return message;
}

}  // namespace

void check_connection(const Options& connection, Diagnostics& diagnostics) {
  if (!connection.is_known("dsn")) return;
  const std::string& dsn = connection.text("dsn");
  char* raw_message = nullptr;
  const Parameters parameters(PQconninfoParse(dsn.c_str(), &raw_message));
  const std::unique_ptr<char, MessageDeleter> message(raw_message);
  const Node place = connection.node("dsn");
  if (!parameters) {
    return diagnostics.error(
        ErrorCode::invalid_value, place,
        "\"dsn\" is no connection string of libpq: " +
            describe_problem(dsn, message ? message.get() : "out of memory"),
        "write host=… port=… dbname=… user=…, or postgresql://user@host:port/dbname");
  }
  for (const PQconninfoOption* parameter = parameters.get(); parameter->keyword != nullptr;
       ++parameter) {
    if (std::string_view(parameter->keyword) != "password" || parameter->val == nullptr) continue;
    diagnostics.error(ErrorCode::invalid_value, place,
                      "\"dsn\" holds a password, which does not stay secret there",
                      "give it as the field \"password\" of the connection");
  }
}

std::string database_name(const Options& connection) {
  const std::string& dsn = connection.text("dsn");
  const Parameters parameters(PQconninfoParse(dsn.c_str(), nullptr));
  if (!parameters) return dsn;
  std::map<std::string_view, std::string> given;
  for (const PQconninfoOption* parameter = parameters.get(); parameter->keyword != nullptr;
       ++parameter) {
    if (parameter->val != nullptr) given.emplace(parameter->keyword, parameter->val);
  }
  // As libpq reads them: of several the first counts.
  const auto first_of = [&](std::initializer_list<std::string_view> keywords) {
    for (const std::string_view keyword : keywords) {
      if (const auto found = given.find(keyword); found != given.end()) return found->second;
    }
    return std::string();
  };
  given.emplace("port", "5432");
  std::string name = first_of({"hostaddr", "host"}) + ":" + first_of({"port"}) + "/" +
                     first_of({"dbname", "user"});
  if (given.contains("service")) name += " (service " + first_of({"service"}) + ")";
  return name;
}

}  // namespace sluice::postgres
