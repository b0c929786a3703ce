#include "connectors/postgres/pg_client.hpp"

#include <poll.h>

#include <algorithm>
#include <array>

#include "config/credentials.hpp"
#include "connectors/postgres/connection_checks.hpp"

namespace sluice::postgres {

namespace {

// How much longer than the server's own statement_timeout a client waits: a server that is stopped
// or unreachable does not keep it.
constexpr int64_t grace_ms = 5'000;

Error connection_error(const PGconn* connection, const Options* options = nullptr) {
  std::string message =
      connection == nullptr ? "the connection is closed" : PQerrorMessage(connection);
  while (!message.empty() && message.back() == '\n') message.pop_back();
  const bool is_authentication =
      connection != nullptr && (PQconnectionNeedsPassword(connection) != 0 ||
                                message.find("authentication failed") != std::string::npos);
  if (is_authentication && options != nullptr)
    return refused_credentials(*options, {"dsn", "password"}, "PostgreSQL: " + message);
  return {ErrorCode::connection_failed, "PostgreSQL: " + message, Retry::later,
          "check that the server runs and is reachable"};
}

// What a row may be to blame for: data exceptions, violated constraints and checks of views, limits
// such as that of an index entry, RAISE with any state. Not what speaks of the statement, of names
// and rights, of the session or the server.
bool may_be_of_a_row(std::string_view family) {
  constexpr std::array of_the_target = {"0A", "0B", "0L", "0P", "24", "25", "26", "28", "2B", "2D",
                                        "34", "3B", "3D", "3F", "42", "58", "F0", "HV", "XX"};
  return std::find(of_the_target.begin(), of_the_target.end(), family) == of_the_target.end();
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
  const bool proves_server = needs_proof_of_server(connection.text("dsn"));
  if (proves_server) {
    names.push_back("sslmode");
    values.push_back("verify-full");
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  PgClient client(PQconnectdbParams(names.data(), values.data(), 1));
  if (PQstatus(client.get()) != CONNECTION_OK) {
    Error error = connection_error(client.get(), &connection);
    if (proves_server) {
      error.advice +=
          "; without sslmode in dsn, a server on another machine must prove itself "
          "(verify-full): give sslrootcert, or another sslmode";
    }
    return fail(std::move(error));
  }
  PQsetnonblocking(client.get(), 1);
  const int64_t statement_ms = connection.duration_us("statement_timeout") / 1000;
  if (statement_ms > 0) client.patience_ms_ = static_cast<int>(statement_ms + grace_ms);
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
  failure.refuses_row = failure.error.retry == Retry::never && may_be_of_a_row(family);
  failure.is_conflict = failure.sqlstate == "40001" || failure.sqlstate == "40P01";
  return failure;
}

bool PgClient::wait(short events) {
  pollfd socket{PQsocket(get()), events, 0};
  int ready = -1;
  do {
    ready = ::poll(&socket, 1, patience_ms_);
  } while (ready < 0 && errno == EINTR);
  const bool has_input = (socket.revents & (POLLIN | POLLHUP | POLLERR)) != 0;
  if (ready > 0) return !has_input || PQconsumeInput(get()) == 1;
  is_silent_ = true;
  return false;
}

bool PgClient::flush() {
  while (true) {
    const int left = PQflush(get());
    if (left <= 0) return left == 0;
    // The server may have to get rid of what it says before it listens.
    if (!wait(POLLIN | POLLOUT)) return false;
  }
}

// What is sent of a statement that was given up may still run: nothing else can use the connection.
SqlFailure PgClient::lost() {
  if (!is_silent_) return failure_of(nullptr);
  connection_.reset();
  return {"",
          {ErrorCode::connection_failed, "PostgreSQL: the server does not answer", Retry::later,
           "check that the server runs and is reachable"}};
}

SqlResult<QueryResult> PgClient::next_result() {
  while (PQisBusy(get()) != 0) {
    if (!wait(POLLIN)) return tl::unexpected(lost());
  }
  return QueryResult(PQgetResult(get()));
}

// The last result counts: after an error no other statement of the text was run.
SqlResult<QueryResult> PgClient::finish(bool is_sent) {
  if (!is_sent || !flush()) return tl::unexpected(lost());
  QueryResult last;
  while (true) {
    auto next = next_result();
    if (!next) return next;
    if (!*next) break;
    last = std::move(*next);
    if (PQresultStatus(last.get()) == PGRES_COPY_IN) return last;
  }
  const ExecStatusType status = PQresultStatus(last.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return last;
  return tl::unexpected(failure_of(last.get()));
}

SqlResult<QueryResult> PgClient::execute(const std::string& sql) {
  return finish(PQsendQuery(get(), sql.c_str()) == 1);
}

SqlResult<QueryResult> PgClient::query(const std::string& sql,
                                       const std::vector<std::optional<std::string>>& parameters) {
  std::vector<const char*> values;
  for (const auto& parameter : parameters)
    values.push_back(parameter ? parameter->c_str() : nullptr);
  return finish(PQsendQueryParams(get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                                  values.data(), nullptr, nullptr, 0) == 1);
}

bool PgClient::put_copy_data(std::string_view bytes) {
  int sent = 0;
  while ((sent = PQputCopyData(get(), bytes.data(), static_cast<int>(bytes.size()))) == 0) {
    if (!flush()) return false;
  }
  return sent == 1 && flush();
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
    is_sent = is_sent && put_copy_data(buffer);
    buffer.clear();
  }
  buffer.append("\377\377", 2);
  is_sent = is_sent && put_copy_data(buffer);
  if (is_silent_) return tl::unexpected(lost());
  is_sent = PQputCopyEnd(get(), is_sent ? nullptr : "aborted") == 1 && is_sent;
  if (auto copied = finish(true); !copied) return tl::unexpected(std::move(copied).error());
  if (!is_sent) return tl::unexpected(failure_of(nullptr));
  return {};
}

std::string PgClient::quote_literal(std::string_view text) const {
  std::unique_ptr<char, decltype(&PQfreemem)> quoted(
      PQescapeLiteral(get(), text.data(), text.size()), &PQfreemem);
  return quoted ? std::string(quoted.get()) : std::string();
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
