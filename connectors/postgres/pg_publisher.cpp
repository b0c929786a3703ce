#include "connectors/postgres/pg_publisher.hpp"

#include <charconv>
#include <map>

#include "connectors/postgres/epoch_writer.hpp"
#include "connectors/postgres/pg_client.hpp"
#include "dataflow/lost_marker.hpp"
#include "dataflow/marker_claim.hpp"

namespace sluice::postgres {

namespace {

constexpr const char* create_sql =
    "CREATE SCHEMA IF NOT EXISTS sluice; CREATE TABLE IF NOT EXISTS sluice.progress (target_id "
    "text PRIMARY KEY, "
    "uid text NOT NULL, owner text NOT NULL, epoch numeric(20) NOT NULL, checksum numeric(20) NOT "
    "NULL, "
    "rejects_checksum numeric(20) NOT NULL)";
constexpr const char* select_sql =
    "SELECT uid, owner, epoch, checksum, rejects_checksum FROM sluice.progress WHERE target_id = "
    "$1";
constexpr const char* begin_sql = "BEGIN; SET LOCAL lock_timeout = '15s'";
// What is written through waits in memory, up to either.
constexpr size_t write_through_operations = 20'000;
constexpr size_t write_through_bytes = 16 * 1024 * 1024;

constexpr const char* way_out =
    "mend the table or the user's rights and start again: the epoch is kept and is published first";

uint64_t parse_u64(const char* text) {
  uint64_t number = 0;
  std::from_chars(text, text + std::char_traits<char>::length(text), number);
  return number;
}

// As much of a row as a message takes, in whole characters.
std::string beginning_of(const std::string& row) {
  size_t end = 1'000;
  if (row.size() <= end) return row;
  while (end > 0 && (static_cast<uint8_t>(row[end]) & 0xC0) == 0x80) --end;
  return row.substr(0, end) + "...";
}

Status as_status(SqlResult<void> result) {
  if (!result) return fail(std::move(result).error().error);
  return {};
}

// Operations in memory, for what is written through.
class MemoryReader final : public OperationReader {
 public:
  explicit MemoryReader(const std::vector<std::pair<uint32_t, std::string>>& operations)
      : operations_(operations) {}
  Result<std::optional<Operation>> next() override {
    if (next_ == operations_.size()) return std::nullopt;
    const auto& [sink, bytes] = operations_[next_++];
    return Operation{sink, bytes};
  }
  Status rewind() override {
    next_ = 0;
    return {};
  }

 private:
  const std::vector<std::pair<uint32_t, std::string>>& operations_;
  size_t next_ = 0;
};

class PgPublisher final : public Publisher {
 public:
  PgPublisher(const PublisherRequest& request, Options connection)
      : environment_(request.environment), connection_(std::move(connection)), ids_(request.ids) {}

  Result<std::string> identity() override {
    SLUICE_TRY(connect());
    auto row =
        client_->execute("SELECT system_identifier, current_database() FROM pg_control_system()");
    if (!row) return fail(std::move(row).error().error);
    return std::string("postgres:") + PQgetvalue(row->get(), 0, 0) + "/" +
           PQgetvalue(row->get(), 0, 1);
  }

  std::string marker_place() const override {
    return "row " + ids_.target_id + " of table sluice.progress";
  }

  Result<std::optional<Marker>> look() override {
    SLUICE_TRY(connect());
    auto exists = client_->execute("SELECT to_regclass('sluice.progress') IS NOT NULL");
    if (!exists) return fail(std::move(exists).error().error);
    if (PQgetvalue(exists->get(), 0, 0)[0] != 't') return std::optional<Marker>();
    return read_marker(select_sql);
  }

  Result<Marker> claim(const std::optional<Marker>& expected) override {
    SLUICE_TRY(connect());
    if (!expected) SLUICE_TRY(run(create_sql));
    SLUICE_TRY(run(begin_sql));
    SLUICE_ASSIGN(const std::optional<Marker> found, lock_marker());
    Result<Marker> marker = claim_marker(ids_, found, expected);
    if (!marker) {
      static_cast<void>(client_->execute("ROLLBACK"));
      return marker;
    }
    const char* sql = found ? "UPDATE sluice.progress SET owner = $2, uid = $3 WHERE target_id = $1"
                            : "INSERT INTO sluice.progress VALUES ($1, $3, $2, 0, 0, 0)";
    if (auto written = client_->query(sql, {ids_.target_id, ids_.owner, ids_.uid}); !written) {
      return fail(std::move(written).error().error);
    }
    SLUICE_TRY(run("COMMIT"));
    return marker;
  }

  Result<PublishOutcome> publish(const PublishRequest& request) override {
    SLUICE_TRY(connect());
    auto committed = write_epoch(request);
    if (committed) return PublishOutcome::published;
    SqlFailure failure = std::move(committed).error();
    if (is_committing_) {
      client_.reset();
      return PublishOutcome::unknown;
    }
    if (failure.is_connection_lost()) {
      client_.reset();
    } else {
      static_cast<void>(client_->execute("ROLLBACK"));
    }
    if (failure.is_conflict()) failure.error.retry = Retry::later;
    const bool is_final =
        failure.error.retry == Retry::never && failure.error.code == ErrorCode::publish_failed;
    if (is_final && failure.error.advice.empty()) failure.error.advice = way_out;
    return fail(std::move(failure.error));
  }

  Result<Marker> resolve() override {
    SLUICE_TRY(connect());
    SLUICE_TRY(run(begin_sql));
    SLUICE_ASSIGN(const std::optional<Marker> marker, lock_marker());
    SLUICE_TRY(run("COMMIT"));
    if (!marker)
      return fail(ErrorCode::target_refused, "the marker of " + ids_.target_id + " is gone",
                  lost_marker_advice);
    if (marker->owner != ids_.owner) return fail(fenced());
    return *marker;
  }

  Status write_through(uint32_t sink, std::string_view definition,
                       std::string_view operation) override {
    if (!definitions_.contains(sink)) {
      SLUICE_ASSIGN(definitions_[sink], decode_definition(definition));
    }
    pending_.emplace_back(sink, operation);
    pending_bytes_ += operation.size();
    const bool is_full =
        pending_.size() >= write_through_operations || pending_bytes_ >= write_through_bytes;
    return is_full ? flush() : Status{};
  }

  // Whatever is sent is a transaction, and acknowledged.
  Status send() override { return flush(); }

  Status flush() override {
    if (pending_.empty()) return {};
    SLUICE_TRY(connect());
    std::vector<SinkDefinition> sinks(definitions_.rbegin()->first + 1);
    for (const auto& [index, definition] : definitions_) sinks[index] = definition;
    EpochWriter writer(*client_, std::move(sinks));
    MemoryReader reader(pending_);
    SLUICE_TRY(run("BEGIN"));
    if (Status written = as_status(writer.write(reader)); !written) {
      client_.reset();
      return written;
    }
    if (!writer.rejects().empty()) {
      client_.reset();
      return fail(refused(writer.rejects().front()));
    }
    SLUICE_TRY(run("COMMIT"));
    pending_.clear();
    pending_bytes_ = 0;
    return {};
  }

 private:
  Status connect() {
    if (client_ && PQstatus(client_->get()) == CONNECTION_OK) return {};
    client_.reset();
    SLUICE_ASSIGN(PgClient client, PgClient::connect(connection_));
    client_.emplace(std::move(client));
    SLUICE_TRY(refuse_pooler());
    return want_lasting_commits();
  }

  // For a commit that is answered, the spool is deleted: it must outlast a crash of the server.
  Status want_lasting_commits() {
    return run(
        "SELECT set_config('synchronous_commit', 'on', false) "
        "WHERE current_setting('synchronous_commit') = 'off'");
  }

  // A transaction-pooling proxy answers the handshake with a process number of its own: session
  // state (temporary tables, locks) cannot be relied on behind it.
  Status refuse_pooler() {
    auto row = client_->execute("SELECT pg_backend_pid()");
    if (!row) return fail(std::move(row).error().error);
    if (std::to_string(PQbackendPID(client_->get())) == PQgetvalue(row->get(), 0, 0)) return {};
    return fail(ErrorCode::target_unsuitable,
                "the PostgreSQL connection goes through a pooling proxy",
                "connect to the server itself, or through a pool in session mode that keeps "
                "process numbers");
  }

  Status run(const std::string& sql) {
    auto result = client_->execute(sql);
    if (!result) return fail(std::move(result).error().error);
    return {};
  }

  // At-least-once has no dead letters for what was handed to the target already.
  Error refused(const Reject& reject) const {
    Error error = reject.error;
    error.message = describe_place(definitions_.at(reject.sink)) + ", row " +
                    beginning_of(reject.row) + ": " + error.message;
    error.advice = "mend the table or leave such rows out; with exactly_once they are dead letters";
    return error;
  }

  Error fenced() const {
    return {
        ErrorCode::fenced, "another process has taken over " + ids_.target_id, Retry::never, {}};
  }

  Result<std::optional<Marker>> read_marker(const std::string& sql) {
    auto rows = client_->query(sql, {ids_.target_id});
    if (!rows) return fail(std::move(rows).error().error);
    if (PQntuples(rows->get()) == 0) return std::optional<Marker>();
    const auto text = [&](int column) { return PQgetvalue(rows->get(), 0, column); };
    return Marker{
        text(0), text(1), Epoch(parse_u64(text(2))), parse_u64(text(3)), parse_u64(text(4)), 0};
  }

  // Inside a transaction. When the row stays locked, says by whom.
  Result<std::optional<Marker>> lock_marker() {
    auto marker = read_marker(std::string(select_sql) + " FOR UPDATE");
    if (marker) return marker;
    static_cast<void>(client_->execute("ROLLBACK"));
    Error error = std::move(marker).error();
    auto blockers = client_->execute(
        "SELECT string_agg(DISTINCT l.pid::text, ', ') FROM pg_locks l WHERE l.relation = "
        "to_regclass('sluice.progress') "
        "AND l.granted AND l.pid <> pg_backend_pid()");
    if (blockers && PQgetisnull(blockers->get(), 0, 0) == 0) {
      error.message += "; sluice.progress is locked by process " +
                       std::string(PQgetvalue(blockers->get(), 0, 0));
    }
    error.retry = Retry::later;
    return fail(std::move(error));
  }

  SqlFailure as_failure(Error error) const { return {"XX000", std::move(error)}; }

  SqlResult<void> hit(Failpoint point) {
    Status status = environment_.failpoints->hit(point);
    if (!status) return tl::unexpected(as_failure(std::move(status).error()));
    return {};
  }

  SqlResult<void> move_marker(const PublishRequest& request) {
    auto moved = client_->query(
        "UPDATE sluice.progress SET epoch = $2, checksum = $3, rejects_checksum = 0 WHERE "
        "target_id = $1 AND owner = $4 "
        "AND epoch = $5 AND checksum = $6",
        {ids_.target_id, std::to_string(request.epoch.value), std::to_string(request.checksum),
         ids_.owner, std::to_string(request.after.epoch.value),
         std::to_string(request.after.checksum)});
    if (!moved) return tl::unexpected(std::move(moved).error());
    if (std::string_view(PQcmdTuples(moved->get())) == "1") return {};
    Result<std::optional<Marker>> marker = read_marker(select_sql);
    if (!marker) return tl::unexpected(as_failure(std::move(marker).error()));
    if (*marker && (*marker)->owner == ids_.owner) {
      return tl::unexpected(
          as_failure({ErrorCode::target_refused,
                      "the marker of " + ids_.target_id + " is not where this pipeline left it",
                      Retry::never,
                      {}}));
    }
    return tl::unexpected(as_failure(fenced()));
  }

  SqlResult<void> write_epoch(const PublishRequest& request) {
    is_committing_ = false;
    std::vector<SinkDefinition> sinks;
    for (const std::string& text : request.sinks) {
      Result<SinkDefinition> definition = decode_definition(text);
      if (!definition) return tl::unexpected(as_failure(std::move(definition).error()));
      sinks.push_back(std::move(*definition));
    }
    if (Status rewound = request.operations->rewind(); !rewound)
      return tl::unexpected(as_failure(rewound.error()));
    if (auto begun = client_->execute(begin_sql); !begun)
      return tl::unexpected(std::move(begun).error());
    if (auto moved = move_marker(request); !moved) return moved;
    if (auto passed = hit(Failpoint::postgres_after_marker); !passed) return passed;
    EpochWriter writer(*client_, std::move(sinks));
    if (auto written = writer.write(*request.operations); !written) return written;
    if (auto passed = hit(Failpoint::postgres_after_rows); !passed) return passed;
    if (auto noted = note_rejects(request, writer.rejects()); !noted) return noted;
    return commit();
  }

  SqlResult<void> note_rejects(const PublishRequest& request, const std::vector<Reject>& rejects) {
    if (rejects.empty()) return {};
    Result<uint64_t> checksum = request.rejects->replace(rejects);
    if (!checksum) return tl::unexpected(as_failure(std::move(checksum).error()));
    auto noted =
        client_->query("UPDATE sluice.progress SET rejects_checksum = $2 WHERE target_id = $1",
                       {ids_.target_id, std::to_string(*checksum)});
    if (!noted) return tl::unexpected(std::move(noted).error());
    return hit(Failpoint::postgres_after_rejects);
  }

  // From here on a failure is no definite answer, unless the server says that it rolled back.
  SqlResult<void> commit() {
    is_committing_ = true;
    auto committed = client_->execute("COMMIT");
    if (!committed) {
      is_committing_ = committed.error().is_connection_lost();
      return tl::unexpected(std::move(committed).error());
    }
    if (std::string_view(PQcmdStatus(committed->get())) != "COMMIT") {
      is_committing_ = false;
      return tl::unexpected(as_failure(
          {ErrorCode::publish_failed, "PostgreSQL rolled the epoch back", Retry::later, {}}));
    }
    return hit(Failpoint::postgres_after_commit);
  }

  Environment environment_;
  Options connection_;
  PublisherIds ids_;
  std::optional<PgClient> client_;
  bool is_committing_ = false;
  std::map<uint32_t, SinkDefinition> definitions_;
  std::vector<std::pair<uint32_t, std::string>> pending_;
  size_t pending_bytes_ = 0;
};

}  // namespace

Result<std::unique_ptr<Publisher>> make_publisher(const PublisherRequest& request) {
  return std::make_unique<PgPublisher>(request, *request.connection);
}

}  // namespace sluice::postgres
