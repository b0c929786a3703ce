// PostgreSQL as the kit's publisher needs it: connections that last and belong to one session, the
// marker's statements, and EpochWriter for the rows.
#pragma once

#include <memory>
#include <optional>

#include "connectors/postgres/pg_client.hpp"
#include "kit/sql_target.hpp"

namespace sluice::postgres {

class PgTarget final : public SqlTarget {
 public:
  explicit PgTarget(Options connection) : connection_(std::move(connection)) {}

  Status connect() override;
  void disconnect() override { client_.reset(); }
  Result<std::string> identity() override;
  const SqlMarkerTable& marker_table() const override;
  const SqlFailpoints& failpoints() const override;
  std::string begin() const override { return "BEGIN; SET LOCAL lock_timeout = '15s'"; }
  std::string lock_holders() override;
  SqlResult<void> run(const std::string& sql) override;
  SqlResult<SqlRows> query(const std::string& sql, const std::vector<SqlText>& parameters) override;
  SqlResult<void> commit() override;
  Result<std::unique_ptr<SqlWriter>> make_writer(
      const std::vector<std::string>& definitions) override;
  std::string place_of(const std::string& definition) const override;

 private:
  Status refuse_pooler();
  Status want_lasting_commits();

  Options connection_;
  std::optional<PgClient> client_;
};

}  // namespace sluice::postgres
