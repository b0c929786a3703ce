#include "connectors/postgres/row_description.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "base/assert.hpp"

namespace sluice::postgres {

namespace {

// A tuple with NULL in place of what its text and jsonb columns hold.
struct BareTuple {
  std::string bytes;
  std::vector<std::optional<std::string_view>> taken;  // by column
};

int32_t length_at(std::string_view tuple, size_t at) {
  SLUICE_ASSERT(tuple.size() >= at + 4, "a tuple holds all of its columns");
  uint32_t length = 0;
  for (size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<uint8_t>(tuple[at + i]);
  return static_cast<int32_t>(length);
}

BareTuple bare(const std::vector<SinkDefinition::DefinedColumn>& columns, std::string_view tuple) {
  constexpr size_t count_bytes = 2;
  constexpr std::string_view null_length("\xFF\xFF\xFF\xFF", 4);
  BareTuple split{std::string(tuple.substr(0, count_bytes)), {}};
  size_t at = count_bytes;
  for (const auto& column : columns) {
    const int32_t length = length_at(tuple, at);
    const size_t bytes = 4 + (length < 0 ? 0 : static_cast<size_t>(length));
    const std::string_view field = tuple.substr(at, bytes);
    at += bytes;
    const bool is_jsonb = column.type == "jsonb";
    if (length < 0 || (column.type != "text" && !is_jsonb)) {
      split.bytes.append(field);
      split.taken.emplace_back();
      continue;
    }
    split.bytes.append(null_length);
    split.taken.emplace_back(field.substr(is_jsonb ? 5 : 4));  // behind jsonb's version
  }
  return split;
}

std::string json_of(const PgClient& client, const SinkDefinition::DefinedColumn& column) {
  const std::string name = client.quote_identifier(column.name);
  if (column.type != "timestamptz") return "to_json(" + name + ")";
  return "to_json(rtrim(rtrim(to_char(" + name +
         " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '0'), '.') || 'Z')";
}

SqlResult<QueryResult> read_back(PgClient& client, const std::string& stage,
                                 const std::vector<SinkDefinition::DefinedColumn>& columns,
                                 const std::string& tuple) {
  auto emptied = client.execute("TRUNCATE " + stage);
  if (!emptied) return emptied;
  auto copied = client.copy_in("COPY " + stage + " FROM STDIN BINARY", {tuple});
  if (!copied) return tl::unexpected(std::move(copied).error());
  std::string values;
  for (const auto& column : columns) {
    if (!values.empty()) values += ", ";
    values += json_of(client, column);
  }
  return client.execute("SELECT " + values + " FROM " + stage);
}

std::string text_json(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

SqlResult<std::string> describe_row(PgClient& client, const std::string& stage,
                                    const std::vector<SinkDefinition::DefinedColumn>& columns,
                                    std::string_view tuple) {
  const BareTuple split = bare(columns, tuple);
  if (auto saved = client.execute("SAVEPOINT described"); !saved)
    return tl::unexpected(std::move(saved).error());
  const auto read = read_back(client, stage, columns, split.bytes);
  if (!read && (read.error().is_connection_lost() || read.error().error.retry == Retry::later))
    return tl::unexpected(read.error());
  auto undone = client.execute("ROLLBACK TO SAVEPOINT described; RELEASE SAVEPOINT described");
  if (!undone) return tl::unexpected(std::move(undone).error());
  if (!read) return std::string();
  std::string row;
  for (size_t i = 0; i < columns.size(); ++i) {
    const int at = static_cast<int>(i);
    row += (i == 0 ? "{" : ",") + text_json(columns[i].name) + ":";
    if (const auto& taken = split.taken[i]) {
      row += columns[i].type == "text" ? text_json(std::string(*taken)) : std::string(*taken);
    } else {
      row += PQgetisnull(read->get(), 0, at) != 0 ? "null" : PQgetvalue(read->get(), 0, at);
    }
  }
  return row + "}";
}

}  // namespace sluice::postgres
