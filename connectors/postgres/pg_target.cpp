#include "connectors/postgres/pg_target.hpp"

#include <charconv>

#include "connectors/postgres/epoch_writer.hpp"
#include "connectors/postgres/failpoints.hpp"

namespace sluice::postgres {

namespace {

uint64_t changed_rows(PGresult* result) {
  const std::string_view text = PQcmdTuples(result);
  uint64_t rows = 0;
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return rows;
}

}  // namespace

const SqlMarkerTable& PgTarget::marker_table() const {
  static const SqlMarkerTable table = {
      .name = "sluice.progress",
      .create =
          "CREATE SCHEMA IF NOT EXISTS sluice; CREATE TABLE IF NOT EXISTS sluice.progress "
          "(target_id text PRIMARY KEY, uid text NOT NULL, owner text NOT NULL, "
          "epoch numeric(20) NOT NULL, checksum numeric(20) NOT NULL, "
          "rejects_checksum numeric(20) NOT NULL)",
      .exists = "SELECT 1 WHERE to_regclass('sluice.progress') IS NOT NULL",
      .select =
          "SELECT uid, owner, epoch, checksum, rejects_checksum FROM sluice.progress "
          "WHERE target_id = $1",
      .select_locked =
          "SELECT uid, owner, epoch, checksum, rejects_checksum FROM sluice.progress "
          "WHERE target_id = $1 FOR UPDATE",
      .insert = "INSERT INTO sluice.progress VALUES ($1, $3, $2, 0, 0, 0)",
      .set_owner = "UPDATE sluice.progress SET owner = $2, uid = $3 WHERE target_id = $1",
      .move =
          "UPDATE sluice.progress SET epoch = $2, checksum = $3, rejects_checksum = 0 "
          "WHERE target_id = $1 AND owner = $4 AND epoch = $5 AND checksum = $6",
      .set_rejects = "UPDATE sluice.progress SET rejects_checksum = $2 WHERE target_id = $1"};
  return table;
}

const SqlFailpoints& PgTarget::failpoints() const {
  static const SqlFailpoints points = {failpoints::after_marker, failpoints::after_rows,
                                       failpoints::after_rejects, failpoints::after_commit};
  return points;
}

Status PgTarget::connect() {
  if (client_ && PQstatus(client_->get()) == CONNECTION_OK) return {};
  client_.reset();
  SLUICE_ASSIGN(PgClient client, PgClient::connect(connection_));
  client_.emplace(std::move(client));
  SLUICE_TRY(refuse_pooler());
  return want_lasting_commits();
}

// For a commit that is answered, the spool is deleted: it must outlast a crash of the server.
Status PgTarget::want_lasting_commits() {
  auto set =
      run("SELECT set_config('synchronous_commit', 'on', false) "
          "WHERE current_setting('synchronous_commit') = 'off'");
  if (!set) return fail(std::move(set).error().error);
  return {};
}

// A transaction-pooling proxy answers the handshake with a process number of its own: session
// state (temporary tables, locks) cannot be relied on behind it.
Status PgTarget::refuse_pooler() {
  auto row = client_->execute("SELECT pg_backend_pid()");
  if (!row) return fail(std::move(row).error().error);
  if (std::to_string(PQbackendPID(client_->get())) == PQgetvalue(row->get(), 0, 0)) return {};
  return fail(ErrorCode::target_unsuitable,
              "the PostgreSQL connection goes through a pooling proxy",
              "connect to the server itself, or through a pool in session mode that keeps "
              "process numbers");
}

Result<std::string> PgTarget::identity() {
  auto row =
      client_->execute("SELECT system_identifier, current_database() FROM pg_control_system()");
  if (!row) return fail(std::move(row).error().error);
  return std::string("postgres:") + PQgetvalue(row->get(), 0, 0) + "/" +
         PQgetvalue(row->get(), 0, 1);
}

std::string PgTarget::lock_holders() {
  auto holders = client_->execute(
      "SELECT string_agg(DISTINCT l.pid::text, ', ') FROM pg_locks l WHERE l.relation = "
      "to_regclass('sluice.progress') AND l.granted AND l.pid <> pg_backend_pid()");
  if (!holders || PQgetisnull(holders->get(), 0, 0) != 0) return {};
  return PQgetvalue(holders->get(), 0, 0);
}

SqlResult<void> PgTarget::run(const std::string& sql) {
  auto result = client_->execute(sql);
  if (!result) return tl::unexpected(std::move(result).error());
  return {};
}

SqlResult<SqlRows> PgTarget::query(const std::string& sql, const std::vector<SqlText>& parameters) {
  auto result = client_->query(sql, parameters);
  if (!result) return tl::unexpected(std::move(result).error());
  SqlRows found{{}, changed_rows(result->get())};
  for (int row = 0; row < PQntuples(result->get()); ++row) {
    std::vector<SqlText>& texts = found.rows.emplace_back();
    for (int column = 0; column < PQnfields(result->get()); ++column) {
      const bool is_null = PQgetisnull(result->get(), row, column) != 0;
      texts.push_back(is_null ? SqlText() : SqlText(PQgetvalue(result->get(), row, column)));
    }
  }
  return found;
}

SqlResult<void> PgTarget::commit() {
  auto committed = client_->execute("COMMIT");
  if (!committed) return tl::unexpected(std::move(committed).error());
  if (std::string_view(PQcmdStatus(committed->get())) == "COMMIT") return {};
  return sql_failure(
      {ErrorCode::publish_failed, "PostgreSQL rolled the epoch back", Retry::later, {}});
}

// A sink that has written nothing yet has no definition: nothing of it is among the operations.
Result<std::unique_ptr<SqlWriter>> PgTarget::make_writer(
    const std::vector<std::string>& definitions) {
  std::vector<SinkDefinition> sinks;
  for (const std::string& text : definitions) {
    SinkDefinition& sink = sinks.emplace_back();
    if (!text.empty()) {
      SLUICE_ASSIGN(sink, decode_definition(text));
    }
  }
  return std::make_unique<EpochWriter>(*client_, std::move(sinks));
}

std::string PgTarget::place_of(const std::string& definition) const {
  const auto sink = decode_definition(definition);
  return sink ? describe_place(*sink) : definition;
}

}  // namespace sluice::postgres
