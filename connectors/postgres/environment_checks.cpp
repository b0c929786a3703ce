#include "connectors/postgres/environment_checks.hpp"

#include "connectors/postgres/pg_client.hpp"
#include "connectors/postgres/table_description.hpp"

namespace sluice::postgres {

namespace {

std::optional<TableDescription> read_table(const Options& connection, const Options& options,
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
  if (table) return std::move(*table);
  report(table.error());
  return std::nullopt;
}

}  // namespace

void check_sink(const SinkRequest& request, Diagnostics& diagnostics) {
  const Options& options = *request.options;
  const std::optional<TableDescription> table =
      read_table(*request.connection, options, diagnostics);
  if (!table) return;
  const auto mismatch = [&](const std::string& option, const std::string& message) {
    diagnostics.error(ErrorCode::table_mismatch, options.location(option), message);
  };
  const std::string& name = options.text("table");
  for (const Field& field : request.schema->fields()) {
    if (table->find(field.name) == nullptr)
      mismatch("table", "table " + name + " has no column \"" + field.name + "\"");
  }
  for (const TableColumn& column : table->columns) {
    if (column.not_null && !column.has_default && !request.schema->find(column.name)) {
      mismatch("table", "column \"" + column.name + "\" of table " + name +
                            " is NOT NULL and the sink does not write it");
    }
  }
  if (!table->may_insert) mismatch("table", "the user may not INSERT into table " + name);
  if (request.mode != SinkMode::upsert) return;
  if (!table->may_update || !table->may_delete || !table->may_select) {
    mismatch("table", "mode upsert needs the rights SELECT, UPDATE and DELETE on table " + name);
  }
  if (!table->has_unique_key(request.key)) {
    mismatch("key", "table " + name + " has no primary key or unique constraint on these columns");
  }
}

void check_lookup(const LookupRequest& request, Diagnostics& diagnostics) {
  const Options& options = *request.options;
  const std::optional<TableDescription> table =
      read_table(*request.connection, options, diagnostics);
  if (!table) return;
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
