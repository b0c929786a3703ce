#include "connectors/postgres/table_fit.hpp"

#include <algorithm>

#include "connectors/postgres/key_fit.hpp"

namespace sluice::postgres {

namespace {

// A value of the sink as the publisher hands it to the column.
std::string null_of(const std::string& type, const TableColumn& target) {
  const std::string null = "NULL::" + type;
  return type == "text" && target.reads_text ? null + "::" + target.base_type : null;
}

// Planning an INSERT of a typed NULL asks the server itself for a cast, without writing anything.
Result<std::string> why_not_assignable(PgClient& client, const std::string& table,
                                       const SinkDefinition::DefinedColumn& column,
                                       const TableColumn& target) {
  auto planned = client.execute("EXPLAIN INSERT INTO " + client.quote_table(table) + " (" +
                                client.quote_identifier(column.name) + ") SELECT " +
                                null_of(column.type, target));
  if (planned) return std::string();
  SqlFailure failure = std::move(planned).error();
  if (failure.sqlstate == "42804") {
    return "column \"" + column.name + "\" of table " + table + " is of type " + target.type +
           ", the sink writes " + column.type;
  }
  if (failure.sqlstate.starts_with("42")) {
    return "column \"" + column.name + "\" of table " + table + ": " + failure.error.message;
  }
  return fail(std::move(failure.error));
}

void find_missing_rights(const TableDescription& table, const SinkDefinition& sink,
                         std::vector<TableProblem>& problems) {
  if (!table.may_insert)
    problems.push_back({"table", "the user may not INSERT into table " + sink.table});
  if (!sink.is_upsert) return;
  if (!table.may_update || !table.may_delete || !table.may_select) {
    problems.push_back(
        {"table", "mode upsert needs the rights SELECT, UPDATE and DELETE on table " + sink.table});
  }
  if (!table.has_unique_key(sink.key)) {
    problems.push_back({"key", "table " + sink.table +
                                   " has no primary key or unique constraint on these columns"});
  }
}

// Deletes find their rows by comparing keys.
Result<bool> is_comparable(PgClient& client, const std::string& table, const TableColumn& target,
                           const std::string& type) {
  auto planned =
      client.execute("EXPLAIN SELECT 1 FROM " + client.quote_table(table) + " WHERE " +
                     client.quote_identifier(target.name) + " = " + null_of(type, target));
  if (planned) return true;
  SqlFailure failure = std::move(planned).error();
  if (failure.sqlstate == "42883") return false;
  return fail(std::move(failure.error));
}

Status find_unfit_keys(PgClient& client, const TableDescription& table, const SinkDefinition& sink,
                       const Schema& schema, std::vector<TableProblem>& problems) {
  for (const std::string& name : sink.key) {
    const TableColumn* target = table.find(name);
    const std::optional<size_t> written = schema.find(name);
    if (target == nullptr || !written) continue;
    const Type& type = schema[*written].type;
    const std::string place =
        "key column \"" + name + "\" of table " + sink.table + " is of type " + target->type;
    if (!keeps_keys_apart(type, *target)) {
      problems.push_back(
          {"key", place + ", which can make one key of several that the sink writes as " +
                      type_name(type) + "; " + advise_on_key(type, *target)});
      continue;
    }
    if (!table.may_select) continue;
    SLUICE_ASSIGN(const bool is_found,
                  is_comparable(client, sink.table, *target, sink.type_of(name)));
    if (is_found) continue;
    problems.push_back({"key", place + ", which PostgreSQL does not compare with the sink's " +
                                   type_name(type) + "; cast the key in the query"});
  }
  return {};
}

}  // namespace

Result<std::vector<TableProblem>> find_problems(PgClient& client, const TableDescription& table,
                                                const SinkDefinition& sink, const Schema& schema) {
  std::vector<TableProblem> problems;
  for (const auto& column : sink.columns) {
    const TableColumn* target = table.find(column.name);
    if (target == nullptr) {
      problems.push_back(
          {"table", "table " + sink.table + " has no column \"" + column.name + "\""});
    } else if (table.may_insert) {
      SLUICE_ASSIGN(std::string why, why_not_assignable(client, sink.table, column, *target));
      if (!why.empty()) problems.push_back({"table", std::move(why)});
    }
  }
  for (const TableColumn& column : table.columns) {
    const bool is_written =
        std::any_of(sink.columns.begin(), sink.columns.end(),
                    [&](const auto& written) { return written.name == column.name; });
    const bool may_be_filled = column.has_default || table.has_row_triggers;
    if (is_written || !column.not_null || may_be_filled) continue;
    problems.push_back({"table", "column \"" + column.name + "\" of table " + sink.table +
                                     " is NOT NULL and the sink does not write it"});
  }
  find_missing_rights(table, sink, problems);
  if (sink.is_upsert) SLUICE_TRY(find_unfit_keys(client, table, sink, schema, problems));
  return problems;
}

}  // namespace sluice::postgres
