#include "connectors/postgres/environment_checks.hpp"

#include "connectors/postgres/pg_client.hpp"
#include "connectors/postgres/pg_sink.hpp"
#include "connectors/postgres/table_fit.hpp"

namespace sluice::postgres {

namespace {

struct Table {
  PgClient client;
  TableDescription description;
};

std::optional<Table> read_table(const Options& connection, const Options& options,
                                Diagnostics& diagnostics) {
  const auto report = [&](const Error& error) {
    diagnostics.error(error.code, options.location("table"), error.message, error.advice);
  };
  Result<PgClient> client = PgClient::connect(connection);
  if (!client) {
    report(client.error());
    return std::nullopt;
  }
  Result<TableDescription> table = describe_table(*client, options.text("table"));
  if (table) return Table{std::move(*client), std::move(*table)};
  report(table.error());
  return std::nullopt;
}

// The marker's table is made by the first start, or by somebody who may.
void check_marker_table(PgClient& client, const Options& options, Diagnostics& diagnostics) {
  auto row = client.execute(
      "SELECT to_regclass('sluice.progress') IS NOT NULL OR "
      "has_database_privilege(current_database(), 'CREATE')");
  if (row && PQgetvalue(row->get(), 0, 0)[0] == 't') return;
  diagnostics.error(ErrorCode::target_unsuitable, options.location("table"),
                    "table sluice.progress does not exist and the user may not create it",
                    "grant CREATE on the database, or create the table beforehand");
}

// Rows with others are dead letters, one by one.
void check_encoding(const PgClient& client, const Options& options, Diagnostics& diagnostics) {
  const char* encoding = PQparameterStatus(client.get(), "server_encoding");
  const std::string_view name = encoding == nullptr ? "UTF8" : encoding;
  if (name == "UTF8" || name == "SQL_ASCII") return;
  diagnostics.warning(ErrorCode::target_unsuitable, options.location("table"),
                      "the database's encoding " + std::string(name) +
                          " does not know every character: it will refuse rows with others",
                      "use a database with encoding UTF8");
}

}  // namespace

void check_sink(const SinkRequest& request, Diagnostics& diagnostics) {
  const Options& options = *request.options;
  std::optional<Table> table = read_table(*request.connection, options, diagnostics);
  if (!table) return;
  const auto problems =
      find_problems(table->client, table->description, definition_of(request), *request.schema);
  if (!problems) {
    diagnostics.error(problems.error().code, options.location("table"), problems.error().message);
    return;
  }
  for (const TableProblem& problem : *problems) {
    diagnostics.error(ErrorCode::table_mismatch, options.location(problem.option), problem.message);
  }
  check_encoding(table->client, options, diagnostics);
  check_marker_table(table->client, options, diagnostics);
}

void check_lookup(const LookupRequest& request, Diagnostics& diagnostics) {
  const Options& options = *request.options;
  const std::optional<Table> found = read_table(*request.connection, options, diagnostics);
  if (!found) return;
  const TableDescription* table = &found->description;
  const std::string& name = options.text("table");
  std::vector<Field> fields = request.keys.fields();
  fields.insert(fields.end(), request.columns->fields().begin(), request.columns->fields().end());
  for (const Field& field : fields) {
    if (table->find(field.name) != nullptr) continue;
    diagnostics.error(ErrorCode::table_mismatch, options.location("table"),
                      "table " + name + " has no column \"" + field.name + "\"");
  }
  if (!table->may_select) {
    diagnostics.error(ErrorCode::table_mismatch, options.location("table"),
                      "the user may not SELECT from table " + name);
  }
  if (!table->has_unique_key(options.list("key"))) {
    diagnostics.warning(
        ErrorCode::table_mismatch, options.location("key"),
        "table " + name + " has no primary key or unique constraint on these columns");
  }
}

}  // namespace sluice::postgres
