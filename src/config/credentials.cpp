#include "config/credentials.hpp"

namespace sluice {

std::string field_path(const Options& connection, std::string_view field) {
  return connection.path() + (connection.path().empty() ? "" : ".") + std::string(field);
}

Error refused_credentials(const Options& connection, const std::vector<std::string_view>& fields,
                          std::string said) {
  std::string names;
  for (const std::string_view field : fields) {
    if (!connection.is_given(field)) continue;
    if (!names.empty()) names += " and ";
    names += field_path(connection, field);
  }
  Error error{ErrorCode::authentication_failed, std::move(said), Retry::never, {}};
  if (!names.empty()) error.advice = "correct " + names;
  return error;
}

}  // namespace sluice
