#include "connectors/postgres/epoch_writer.hpp"

#include <algorithm>

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

SqlResult<void> EpochWriter::run(const std::string& sql) {
  auto result = client_.execute(sql);
  if (!result) return tl::unexpected(std::move(result).error());
  return {};
}

SqlResult<void> EpochWriter::write(OperationReader& operations) {
  Chunk chunk;
  for (uint64_t index = 0;; ++index) {
    auto next = operations.next();
    if (!next) return tl::unexpected(SqlFailure{"XX000", std::move(next).error()});
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
  if (auto prepared = prepare_table(chunk.sink, chunk.kind); !prepared) return prepared;
  return apply_halving(chunk, 0, chunk.operations.size());
}

SqlResult<void> EpochWriter::prepare_table(uint32_t sink, char kind) {
  if (!prepared_.emplace(sink, kind).second) return {};
  const SinkDefinition& definition = sinks_[sink];
  std::vector<std::string> columns;
  if (kind == delete_operation) {
    for (const std::string& name : definition.key) {
      columns.push_back(client_.quote_identifier(name) + " " + definition.type_of(name));
    }
  } else {
    for (const auto& column : definition.columns) {
      columns.push_back(client_.quote_identifier(column.name) + " " + column.type);
    }
  }
  return run("CREATE TEMP TABLE " + staging_table(sink, kind) + " (" + join(columns, ", ") +
             ") ON COMMIT DROP");
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
      const std::string column = client_.quote_identifier(name);
      conditions.push_back("t." + column + " = s." + column);
    }
    return "DELETE FROM " + table + " t USING " + stage + " s WHERE " + join(conditions, " AND ");
  }
  std::vector<std::string> columns;
  std::vector<std::string> updates;
  for (const auto& column : definition.columns) {
    columns.push_back(client_.quote_identifier(column.name));
    const bool is_key = std::find(definition.key.begin(), definition.key.end(), column.name) !=
                        definition.key.end();
    if (!is_key) updates.push_back(columns.back() + " = excluded." + columns.back());
  }
  const std::string list = join(columns, ", ");
  std::string sql = "INSERT INTO " + table + " (" + list + ") SELECT " + list + " FROM " + stage;
  if (!definition.is_upsert) return sql;
  std::vector<std::string> key;
  for (const std::string& name : definition.key) key.push_back(client_.quote_identifier(name));
  sql += " ON CONFLICT (" + join(key, ", ") + ") DO ";
  return sql + (updates.empty() ? "NOTHING" : "UPDATE SET " + join(updates, ", "));
}

SqlResult<void> EpochWriter::apply(const Chunk& chunk, size_t first, size_t last) {
  const std::string stage = staging_table(chunk.sink, chunk.kind);
  std::vector<std::string_view> tuples;
  for (size_t i = first; i < last; ++i) tuples.push_back(chunk.operations[i].bytes);
  if (auto emptied = run("TRUNCATE " + stage); !emptied) return emptied;
  if (auto copied = client_.copy_in("COPY " + stage + " FROM STDIN BINARY", tuples); !copied)
    return copied;
  if (auto merged = run(merge_sql(chunk.sink, chunk.kind)); !merged) return merged;
  // Deferred constraints would otherwise fail at COMMIT, where the row is not known any more.
  return run("SET CONSTRAINTS ALL IMMEDIATE");
}

// An expression for the staged row as a JSON object, times as everywhere in ISO 8601 with Z.
std::string EpochWriter::row_json(const Chunk& chunk) const {
  const SinkDefinition& definition = sinks_[chunk.sink];
  std::vector<std::string> pairs;
  for (const auto& column : definition.columns) {
    const bool is_staged = chunk.kind != delete_operation ||
                           std::find(definition.key.begin(), definition.key.end(), column.name) !=
                               definition.key.end();
    if (!is_staged) continue;
    const std::string quoted = client_.quote_identifier(column.name);
    std::unique_ptr<char, decltype(&PQfreemem)> name(
        PQescapeLiteral(client_.get(), column.name.data(), column.name.size()), &PQfreemem);
    const bool is_time = column.type == "timestamptz";
    const std::string text =
        "to_char(" + quoted + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')";
    pairs.push_back(std::string(name.get()) + ", " +
                    (is_time ? "rtrim(rtrim(" + text + ", '0'), '.') || 'Z'" : quoted));
  }
  return "json_build_object(" + join(pairs, ", ") + ")";
}

// The refused tuple as the server reads it: a JSON object of its columns.
SqlResult<std::string> EpochWriter::row_text(const Chunk& chunk, size_t index) {
  const std::string stage = staging_table(chunk.sink, chunk.kind);
  if (auto saved = run("SAVEPOINT described"); !saved)
    return tl::unexpected(std::move(saved).error());
  if (auto emptied = run("TRUNCATE " + stage); !emptied)
    return tl::unexpected(std::move(emptied).error());
  auto copied =
      client_.copy_in("COPY " + stage + " FROM STDIN BINARY", {chunk.operations[index].bytes});
  if (!copied) return tl::unexpected(std::move(copied).error());
  auto text = client_.execute("SELECT " + row_json(chunk) + "::text FROM " + stage);
  if (!text) return tl::unexpected(std::move(text).error());
  std::string row = PQgetvalue(text->get(), 0, 0);
  if (auto undone = run("ROLLBACK TO SAVEPOINT described; RELEASE SAVEPOINT described"); !undone) {
    return tl::unexpected(std::move(undone).error());
  }
  return row;
}

SqlResult<void> EpochWriter::apply_halving(const Chunk& chunk, size_t first, size_t last) {
  if (auto saved = run("SAVEPOINT part"); !saved) return saved;
  auto applied = apply(chunk, first, last);
  if (applied) return run("RELEASE SAVEPOINT part");
  if (!applied.error().refuses_row()) return applied;
  if (auto undone = run("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part"); !undone)
    return undone;
  if (last - first == 1) {
    const PendingOperation& operation = chunk.operations[first];
    Error error = std::move(applied.error().error);
    error.code = ErrorCode::sink_rejected;
    auto row = row_text(chunk, first);
    if (!row) return tl::unexpected(std::move(row).error());
    rejects_.push_back({operation.index, chunk.sink, chunk.kind + operation.bytes, std::move(error),
                        std::move(*row)});
    return {};
  }
  const size_t middle = first + (last - first) / 2;
  if (auto left = apply_halving(chunk, first, middle); !left) return left;
  return apply_halving(chunk, middle, last);
}

}  // namespace sluice::postgres
