#include "connectors/postgres/epoch_writer.hpp"

#include <algorithm>

#include "connectors/postgres/row_description.hpp"
#include "connectors/postgres/table_description.hpp"

namespace sluice::postgres {

namespace {

constexpr size_t chunk_operations = 50'000;
constexpr size_t chunk_bytes = 16 * 1024 * 1024;

std::string join(const std::vector<std::string>& parts, const char* separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

}  // namespace

// A chunk, to the kit's halving.
class EpochWriter::Part final : public PartialBatch<SqlFailure> {
 public:
  Part(EpochWriter& writer, const Chunk& chunk) : writer_(writer), chunk_(chunk) {}
  SqlResult<void> write(size_t first, size_t last) override {
    return writer_.apply_whole(chunk_, first, last);
  }
  SqlResult<bool> is_of_rows(const SqlFailure& failure, size_t first, size_t last) override {
    if (failure.error.retry == Retry::later) return false;
    return writer_.is_of_rows(failure, chunk_, first, last);
  }
  SqlResult<void> reject(size_t row, SqlFailure failure) override {
    return writer_.reject(chunk_, row, std::move(failure));
  }

 private:
  EpochWriter& writer_;
  const Chunk& chunk_;
};

SqlResult<void> EpochWriter::run(const std::string& sql) {
  auto result = client_.execute(sql);
  if (!result) return tl::unexpected(std::move(result).error());
  return {};
}

SqlResult<void> EpochWriter::write(OperationReader& operations) {
  Chunk chunk;
  for (uint64_t index = 0;; ++index) {
    auto next = operations.next();
    if (!next) return sql_failure(std::move(next).error());
    if (!*next) break;
    const OperationReader::Operation& operation = **next;
    const char kind = operation.bytes.empty() ? 0 : operation.bytes.front();
    const bool is_full = chunk.operations.size() >= chunk_operations || chunk.bytes >= chunk_bytes;
    if (operation.sink != chunk.sink || kind != chunk.kind || is_full) {
      if (auto flushed = flush(chunk); !flushed) return flushed;
      chunk = Chunk{operation.sink, kind, 0, {}};
    }
    chunk.bytes += operation.bytes.size();
    chunk.operations.push_back({index, std::string(operation.bytes.substr(1))});
  }
  return flush(chunk);
}

SqlResult<void> EpochWriter::flush(Chunk& chunk) {
  if (chunk.operations.empty()) return {};
  auto written = prepare_table(chunk.sink, chunk.kind);
  if (written) {
    Part whole(*this, chunk);
    written = write_halving(whole, 0, chunk.operations.size());
  }
  if (!written && !written.error().is_connection_lost()) {
    Error& error = written.error().error;
    error.message = describe_place(sinks_[chunk.sink]) + ": " + error.message;
  }
  return written;
}

SqlResult<void> EpochWriter::prepare_table(uint32_t sink, char kind) {
  if (!prepared_.emplace(sink, kind).second) return {};
  std::vector<std::string> columns;
  for (const auto& column : staged_columns(sink, kind))
    columns.push_back(client_.quote_identifier(column.name) + " " + column.type);
  auto readers = client_.execute("CREATE TEMP TABLE " + staging_table(sink, kind) + " (" +
                                 join(columns, ", ") + ") ON COMMIT DROP; " +
                                 text_readers_sql(client_, sinks_[sink].table));
  if (!readers) return tl::unexpected(std::move(readers).error());
  for (int row = 0; row < PQntuples(readers->get()); ++row)
    text_readers_[{sink, PQgetvalue(readers->get(), row, 0)}] = PQgetvalue(readers->get(), row, 1);
  return {};
}

std::string EpochWriter::staged_value(uint32_t sink, const std::string& column) const {
  const std::string value = "s." + client_.quote_identifier(column);
  const auto reader = text_readers_.find({sink, column});
  return reader == text_readers_.end() ? value : value + "::" + reader->second;
}

std::vector<SinkDefinition::DefinedColumn> EpochWriter::staged_columns(uint32_t sink,
                                                                       char kind) const {
  const SinkDefinition& definition = sinks_[sink];
  if (kind != delete_operation) return definition.columns;
  std::vector<SinkDefinition::DefinedColumn> columns;
  for (const std::string& name : definition.key)
    columns.push_back({name, definition.type_of(name)});
  return columns;
}

std::string EpochWriter::staging_table(uint32_t sink, char kind) const {
  return std::string("sluice_stage_") + (kind == delete_operation ? "delete_" : "write_") +
         std::to_string(sink);
}

std::string EpochWriter::merge_sql(uint32_t sink, char kind) const {
  const SinkDefinition& definition = sinks_[sink];
  const std::string table = client_.quote_table(definition.table);
  const std::string stage = staging_table(sink, kind);
  if (kind == delete_operation) {
    std::vector<std::string> conditions;
    for (const std::string& name : definition.key) {
      conditions.push_back("t." + client_.quote_identifier(name) + " = " +
                           staged_value(sink, name));
    }
    return "DELETE FROM " + table + " t USING " + stage + " s WHERE " + join(conditions, " AND ");
  }
  std::vector<std::string> columns;
  std::vector<std::string> values;
  std::vector<std::string> updates;
  for (const auto& column : definition.columns) {
    columns.push_back(client_.quote_identifier(column.name));
    values.push_back(staged_value(sink, column.name));
    const bool is_key = std::find(definition.key.begin(), definition.key.end(), column.name) !=
                        definition.key.end();
    if (!is_key) updates.push_back(columns.back() + " = excluded." + columns.back());
  }
  std::string sql = "INSERT INTO " + table + " (" + join(columns, ", ") + ") SELECT " +
                    join(values, ", ") + " FROM " + stage + " s";
  if (!definition.is_upsert) return sql;
  std::vector<std::string> key;
  for (const std::string& name : definition.key) key.push_back(client_.quote_identifier(name));
  sql += " ON CONFLICT (" + join(key, ", ") + ") DO ";
  return sql + (updates.empty() ? "NOTHING" : "UPDATE SET " + join(updates, ", "));
}

std::string EpochWriter::reading_sql(uint32_t sink, char kind) const {
  std::vector<std::string> values;
  for (const auto& column : staged_columns(sink, kind)) {
    if (text_readers_.contains({sink, column.name}))
      values.push_back("count(" + staged_value(sink, column.name) + ")");
  }
  if (values.empty()) return {};
  return "SELECT " + join(values, ", ") + " FROM " + staging_table(sink, kind) + " s";
}

SqlResult<void> EpochWriter::stage(const Chunk& chunk, size_t first, size_t last) {
  const std::string stage = staging_table(chunk.sink, chunk.kind);
  std::vector<std::string_view> tuples;
  for (size_t i = first; i < last; ++i) tuples.push_back(chunk.operations[i].bytes);
  if (auto emptied = run("TRUNCATE " + stage); !emptied) return emptied;
  return client_.copy_in("COPY " + stage + " FROM STDIN BINARY", tuples);
}

SqlResult<void> EpochWriter::apply(const Chunk& chunk, size_t first, size_t last) {
  if (auto staged = stage(chunk, first, last); !staged) return staged;
  if (auto merged = run(merge_sql(chunk.sink, chunk.kind)); !merged) return merged;
  // Deferred constraints would otherwise fail at COMMIT, where the row is not known any more.
  return run("SET CONSTRAINTS ALL IMMEDIATE");
}

// A statement that is refused without any row as well is not the row's fault: nothing would be left
// of the stream but dead letters.
SqlResult<void> EpochWriter::blame_row(const Chunk& chunk, const SqlFailure& failure) {
  if (sound_.contains({chunk.sink, chunk.kind})) return {};
  if (auto saved = run("SAVEPOINT probe; TRUNCATE " + staging_table(chunk.sink, chunk.kind));
      !saved)
    return saved;
  if (auto merged = run(merge_sql(chunk.sink, chunk.kind)); !merged)
    return tl::unexpected(merged.error().refuses_row ? failure : std::move(merged).error());
  sound_.emplace(chunk.sink, chunk.kind);
  return run("ROLLBACK TO SAVEPOINT probe; RELEASE SAVEPOINT probe");
}

SqlResult<void> EpochWriter::reject(const Chunk& chunk, size_t index, SqlFailure failure) {
  if (auto blamed = blame_row(chunk, failure); !blamed) return blamed;
  const PendingOperation& operation = chunk.operations[index];
  auto row = describe_row(client_, staging_table(chunk.sink, chunk.kind),
                          staged_columns(chunk.sink, chunk.kind), operation.bytes);
  if (!row) return tl::unexpected(std::move(row).error());
  failure.error.code = ErrorCode::sink_rejected;
  rejects_.push_back({operation.index, chunk.sink, chunk.kind + operation.bytes,
                      std::move(failure.error), std::move(*row)});
  return {};
}

SqlResult<bool> EpochWriter::is_of_rows(const SqlFailure& failure, const Chunk& chunk, size_t first,
                                        size_t last) {
  if (failure.refuses_row) return true;
  const std::string reading = reading_sql(chunk.sink, chunk.kind);
  if (reading.empty()) return false;
  if (auto saved = run("SAVEPOINT reading"); !saved) return tl::unexpected(saved.error());
  if (auto staged = stage(chunk, first, last); !staged) return tl::unexpected(staged.error());
  const auto read = run(reading);
  if (!read && read.error().error.retry == Retry::later) return tl::unexpected(read.error());
  if (auto undone = run("ROLLBACK TO SAVEPOINT reading; RELEASE SAVEPOINT reading"); !undone)
    return tl::unexpected(undone.error());
  return !read;
}

SqlResult<void> EpochWriter::apply_whole(const Chunk& chunk, size_t first, size_t last) {
  if (auto saved = run("SAVEPOINT part"); !saved) return saved;
  auto applied = apply(chunk, first, last);
  if (applied) return run("RELEASE SAVEPOINT part");
  if (applied.error().error.retry == Retry::later) return applied;
  if (auto undone = run("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part"); !undone)
    return undone;
  return applied;
}

}  // namespace sluice::postgres
