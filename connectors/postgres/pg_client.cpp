#include "connectors/postgres/pg_client.hpp"

#include <algorithm>
#include <array>

namespace sluice::postgres {

namespace {

Error connection_error(const PGconn* connection) {
  std::string message = connection == nullptr ? "out of memory" : PQerrorMessage(connection);
  while (!message.empty() && message.back() == '\n') message.pop_back();
  const bool is_authentication =
      connection != nullptr && (PQconnectionNeedsPassword(connection) != 0 ||
                                message.find("authentication failed") != std::string::npos);
  if (is_authentication)
    return {ErrorCode::authentication_failed, "PostgreSQL: " + message, Retry::never, {}};
  return {ErrorCode::connection_failed, "PostgreSQL: " + message, Retry::later,
          "check that the server runs and is reachable"};
}

}  // namespace

const OptionTable& connection_options() {
  static const OptionTable table = {
      {"dsn", OptionKind::text, true, "", "libpq connection string, without the password"},
      {"password", OptionKind::secret, false, "", "password; empty: libpq's password file"},
      {"connect_timeout", OptionKind::duration, false, "10s", "longest wait for a connection"},
      {"statement_timeout", OptionKind::duration, false, "60s", "longest time of one statement"},
  };
  return table;
}

bool SqlFailure::refuses_row() const {
  return sqlstate.starts_with("22") || sqlstate.starts_with("23") || sqlstate == "P0001";
}

bool SqlFailure::is_conflict() const { return sqlstate == "40001" || sqlstate == "40P01"; }

Result<PgClient> PgClient::connect(const Options& connection) {
  const std::string timeout_s =
      std::to_string(std::max<int64_t>(1, connection.duration_us("connect_timeout") / 1'000'000));
  const std::string settings =
      "-c statement_timeout=" + std::to_string(connection.duration_us("statement_timeout") / 1000) +
      " -c idle_in_transaction_session_timeout=120000 -c DateStyle=ISO -c IntervalStyle=postgres"
      " -c TimeZone=UTC -c client_min_messages=warning";
  std::vector<const char*> names = {"dbname",
                                    "connect_timeout",
                                    "options",
                                    "application_name",
                                    "client_encoding",
                                    "keepalives_idle",
                                    "keepalives_interval",
                                    "keepalives_count"};
  std::vector<const char*> values = {connection.text("dsn").c_str(),
                                     timeout_s.c_str(),
                                     settings.c_str(),
                                     "sluice",
                                     "UTF8",
                                     "10",
                                     "5",
                                     "3"};
  const std::string password =
      connection.has("password") ? connection.secret("password").reveal() : "";
  if (!password.empty()) {
    names.push_back("password");
    values.push_back(password.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  PgClient client(PQconnectdbParams(names.data(), values.data(), 1));
  if (PQstatus(client.get()) != CONNECTION_OK) return fail(connection_error(client.get()));
  PQsetNoticeProcessor(
      client.get(), [](void*, const char*) {}, nullptr);
  return client;
}

SqlFailure PgClient::failure_of(const PGresult* result) const {
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (state == nullptr || PQstatus(get()) != CONNECTION_OK) return {"", connection_error(get())};
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  std::string message =
      std::string("PostgreSQL: ") + (primary == nullptr ? "unknown error" : primary);
  if (const char* detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL))
    message += std::string("; ") + detail;
  message += std::string(" (SQLSTATE ") + state + ")";
  SqlFailure failure{state, {ErrorCode::publish_failed, std::move(message), Retry::never, {}}};
  const std::string_view family = std::string_view(state).substr(0, 2);
  constexpr std::array retriable = {"08", "40", "53", "55", "57"};
  for (const std::string_view prefix : retriable) {
    if (family == prefix) failure.error.retry = Retry::later;
  }
  return failure;
}

SqlResult<QueryResult> PgClient::execute(const std::string& sql) {
  QueryResult result(PQexec(get(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN)
    return result;
  return tl::unexpected(failure_of(result.get()));
}

SqlResult<QueryResult> PgClient::query(const std::string& sql,
                                       const std::vector<std::optional<std::string>>& parameters) {
  std::vector<const char*> values;
  for (const auto& parameter : parameters)
    values.push_back(parameter ? parameter->c_str() : nullptr);
  QueryResult result(PQexecParams(get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                                  values.data(), nullptr, nullptr, 0));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
  return tl::unexpected(failure_of(result.get()));
}

SqlResult<void> PgClient::copy_in(const std::string& sql,
                                  const std::vector<std::string_view>& tuples) {
  if (auto started = execute(sql); !started) return tl::unexpected(std::move(started).error());
  std::string buffer("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
  constexpr size_t send_bytes = 256 * 1024;
  bool is_sent = true;
  for (const std::string_view tuple : tuples) {
    buffer.append(tuple);
    if (buffer.size() < send_bytes) continue;
    is_sent = is_sent && PQputCopyData(get(), buffer.data(), static_cast<int>(buffer.size())) == 1;
    buffer.clear();
  }
  buffer.append("\377\377", 2);
  is_sent = is_sent && PQputCopyData(get(), buffer.data(), static_cast<int>(buffer.size())) == 1;
  is_sent = PQputCopyEnd(get(), is_sent ? nullptr : "aborted") == 1 && is_sent;
  std::optional<SqlFailure> failure;
  while (QueryResult result{PQgetResult(get())}) {
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK && !failure)
      failure = failure_of(result.get());
  }
  if (!failure && !is_sent) failure = failure_of(nullptr);
  if (failure) return tl::unexpected(std::move(*failure));
  return {};
}

std::string PgClient::quote_identifier(std::string_view name) const {
  std::unique_ptr<char, decltype(&PQfreemem)> quoted(
      PQescapeIdentifier(get(), name.data(), name.size()), &PQfreemem);
  return quoted ? std::string(quoted.get()) : std::string();
}

std::string PgClient::quote_table(std::string_view name) const {
  const size_t dot = name.find('.');
  if (dot == std::string_view::npos) return quote_identifier(name);
  return quote_identifier(name.substr(0, dot)) + "." + quote_identifier(name.substr(dot + 1));
}

}  // namespace sluice::postgres
