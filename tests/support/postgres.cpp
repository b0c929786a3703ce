#include "support/postgres.hpp"

#include <libpq-fe.h>
#include <stdexcept>

#include "support/servers.hpp"

namespace sluice::test {
namespace {

struct ResultCleared {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ResultCleared>;

void check(const ResultPtr& result, const std::string& sql) {
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
    return;
  throw std::runtime_error(std::string(PQresultErrorMessage(result.get())) + "in: " + sql);
}

}  // namespace

struct Postgres::Connection {
  explicit Connection(const std::string& dsn) : handle(PQconnectdb(dsn.c_str())) {}
  ~Connection() { PQfinish(handle); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  PGconn* handle;
};

Postgres::Postgres(TestServers& servers)
    : connection_(
          std::make_unique<Connection>(servers.pg_dsn() + " password=" + servers.pg_password())) {
  if (PQstatus(connection_->handle) != CONNECTION_OK)
    throw std::runtime_error(PQerrorMessage(connection_->handle));
}

Postgres::Postgres(TestServers& servers, const std::string& database)
    : connection_(std::make_unique<Connection>(
          servers.pg_dsn() + " password=" + servers.pg_password() + " dbname=" + database)) {
  if (PQstatus(connection_->handle) != CONNECTION_OK)
    throw std::runtime_error(PQerrorMessage(connection_->handle));
}

Postgres::~Postgres() = default;
Postgres::Postgres(Postgres&&) noexcept = default;

void Postgres::exec(const std::string& sql) {
  const ResultPtr result(PQexec(connection_->handle, sql.c_str()));
  check(result, sql);
}

std::vector<Postgres::Row> Postgres::query(
    const std::string& sql, const std::vector<std::optional<std::string>>& parameters) {
  std::vector<const char*> values;
  for (const auto& parameter : parameters)
    values.push_back(parameter.has_value() ? parameter->c_str() : nullptr);
  const ResultPtr result(PQexecParams(connection_->handle, sql.c_str(),
                                      static_cast<int>(values.size()), nullptr, values.data(),
                                      nullptr, nullptr, 0));
  check(result, sql);
  std::vector<Row> rows(static_cast<std::size_t>(PQntuples(result.get())));
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      auto& cell = rows[static_cast<std::size_t>(row)].emplace_back();
      if (PQgetisnull(result.get(), row, column) == 0) cell = PQgetvalue(result.get(), row, column);
    }
  }
  return rows;
}

}  // namespace sluice::test
