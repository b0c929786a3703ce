#include "connectors/postgres/connection_checks.hpp"

#include <arpa/inet.h>
#include <libpq-fe.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "base/closest_name.hpp"

namespace sluice::postgres {

namespace {

struct MessageDeleter {
  void operator()(char* message) const { PQfreemem(message); }
};
struct ParametersDeleter {
  void operator()(PQconninfoOption* parameters) const { PQconninfoFree(parameters); }
};
using Parameters = std::unique_ptr<PQconninfoOption, ParametersDeleter>;

// libpq marks so what a dialogue would hide: password, sslpassword and whatever comes after them.
bool is_secret(const PQconninfoOption& parameter) { return parameter.dispchar[0] == '*'; }

// Not a name that only begins like an address, such as 127.example.org.
bool is_loopback_v4(std::string_view host) {
  in_addr address{};
  if (inet_pton(AF_INET, std::string(host).c_str(), &address) != 1) return false;
  return ntohl(address.s_addr) >> 24U == 127;
}

bool is_local(std::string_view host) {
  return host.empty() || host.starts_with('/') || host.starts_with('@') || host == "localhost" ||
         host == "::1" || is_loopback_v4(host);
}

// A list with commas between, of which libpq takes any.
bool are_local(std::string_view hosts) {
  while (true) {
    const size_t comma = std::min(hosts.find(','), hosts.size());
    if (!is_local(hosts.substr(0, comma))) return false;
    if (comma == hosts.size()) return true;
    hosts.remove_prefix(comma + 1);
  }
}

// What a misspelt parameter may have meant. Nothing of the text itself: any part may be a password.
std::string suggest_parameter(std::string_view message) {
  const size_t begin = message.find('"');
  const size_t end = message.rfind('"');
  if (begin == end) return "";
  std::vector<std::string> known;
  const Parameters parameters(PQconndefaults());
  for (const PQconninfoOption* parameter = parameters.get();
       parameter != nullptr && parameter->keyword != nullptr; ++parameter) {
    known.emplace_back(parameter->keyword);
  }
  return did_you_mean(message.substr(begin + 1, end - begin - 1), known);
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
    const std::string meant = suggest_parameter(message ? message.get() : "");
    return diagnostics.error(
        ErrorCode::invalid_value, place,
        "\"dsn\" is no connection string of libpq, and not shown, as it may hold a password",
        meant.empty() ? "write host=… port=… dbname=… user=…, or postgresql://user@host:port/dbname"
                      : meant);
  }
  for (const PQconninfoOption* parameter = parameters.get(); parameter->keyword != nullptr;
       ++parameter) {
    if (!is_secret(*parameter) || parameter->val == nullptr) continue;
    const bool is_password = std::string_view(parameter->keyword) == "password";
    diagnostics.error(
        ErrorCode::invalid_value, place,
        std::string("\"dsn\" holds a ") + parameter->keyword + ", which does not stay secret there",
        is_password ? "give it as the field \"password\" of the connection"
                    : "leave it out: use a key without one in a file that only the service reads");
  }
}

bool needs_proof_of_server(const std::string& dsn) {
  const Parameters given(PQconninfoParse(dsn.c_str(), nullptr));
  const Parameters defaults(PQconndefaults());
  if (!given || !defaults) return true;
  const auto value_in = [](const Parameters& parameters, std::string_view keyword) {
    for (const PQconninfoOption* parameter = parameters.get(); parameter->keyword != nullptr;
         ++parameter) {
      if (keyword == parameter->keyword && parameter->val != nullptr)
        return std::string(parameter->val);
    }
    return std::string();
  };
  const std::string usual_mode = value_in(defaults, "sslmode");
  const bool is_mode_chosen = !usual_mode.empty() && usual_mode != "prefer";
  if (is_mode_chosen || !value_in(given, "sslmode").empty()) return false;
  if (!value_in(given, "service").empty()) return true;
  // An address counts before a name, and what is given before what the environment has.
  for (const Parameters* parameters : {&given, &defaults}) {
    for (const char* keyword : {"hostaddr", "host"}) {
      const std::string hosts = value_in(*parameters, keyword);
      if (!hosts.empty()) return !are_local(hosts);
    }
  }
  return false;
}

std::string database_name(const Options& connection) {
  const std::string& dsn = connection.text("dsn");
  const Parameters parameters(PQconninfoParse(dsn.c_str(), nullptr));
  if (!parameters) return "an unknown database";
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
