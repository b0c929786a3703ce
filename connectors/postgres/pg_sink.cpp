#include "connectors/postgres/pg_sink.hpp"
#include "connectors/postgres/connection_checks.hpp"

#include <numeric>

#include "connectors/postgres/binary_tuple.hpp"
#include "connectors/postgres/connection_checks.hpp"
#include "connectors/postgres/pg_operation.hpp"
#include "connectors/postgres/row_checks.hpp"
#include "connectors/postgres/table_fit.hpp"
#include "kit/sink_key.hpp"

namespace sluice::postgres {

namespace {

struct Settings {
  Options connection;
  SchemaPtr schema;
  std::vector<size_t> columns;
  std::vector<size_t> key;
  SinkDefinition definition;
};

class PgSink final : public Sink {
 public:
  explicit PgSink(const Settings& settings) : settings_(settings) {}

  Status open(const SinkContext&) override {
    SLUICE_ASSIGN(PgClient client, PgClient::connect(settings_.connection));
    SLUICE_ASSIGN(const TableDescription table, describe_table(client, settings_.definition.table));
    SLUICE_ASSIGN(const auto problems,
                  find_problems(client, table, settings_.definition, *settings_.schema));
    if (!problems.empty()) {
      return fail(ErrorCode::table_mismatch, problems.front().message,
                  "`sluice validate --env` lists every difference");
    }
    const bool is_upsert = settings_.definition.is_upsert;
    checks_ =
        RowChecks(*settings_.schema, table, is_upsert ? settings_.key : std::vector<size_t>());
    return {};
  }

  Status encode(const RecordBatch& batch, OperationWriter& out,
                std::vector<RowRejection>& rejected) override {
    for (size_t row = 0; row < batch.rows(); ++row) {
      operation_.clear();
      const bool is_write = is_addition(batch.kind(row));
      if (auto problem = is_write ? checks_.check(batch, row) : checks_.check_key(batch, row)) {
        rejected.push_back({static_cast<uint32_t>(row), std::move(*problem)});
        continue;
      }
      if (is_write) {
        operation_.push_back(write_operation);
        append_tuple(batch, settings_.columns, row, operation_);
      } else {
        operation_.push_back(delete_operation);
        append_tuple(batch, settings_.key, row, operation_);
      }
      SLUICE_TRY(out.write(operation_));
    }
    return {};
  }

 private:
  const Settings& settings_;
  RowChecks checks_;
  std::string operation_;
};

class PgSinkDescription final : public SinkDescription {
 public:
  explicit PgSinkDescription(Settings settings) : settings_(std::move(settings)) {}
  std::string definition() const override { return encode_definition(settings_.definition); }
  std::string place() const override { return "table " + settings_.definition.table; }
  // Sinks of one pipeline may each write columns of their own.
  std::optional<SoleUse> sole_use() const override {
    if (!settings_.definition.is_upsert) return std::nullopt;
    return SoleUse{
        "table " + settings_.definition.table + " of " + database_name(settings_.connection),
        "table", SoleUse::Among::pipelines};
  }
  Result<std::unique_ptr<Sink>> create() const override {
    return std::make_unique<PgSink>(settings_);
  }

 private:
  Settings settings_;
};

}  // namespace

const OptionTable& sink_options() {
  static const OptionTable table = {
      {"table", OptionKind::text, true, "", "table to write, with its schema: ads.gmv_minute"},
      {"key", OptionKind::text_list, false, "",
       "columns of a primary key or unique constraint, for mode upsert"},
  };
  return table;
}

SinkDefinition definition_of(const SinkRequest& request) {
  SinkDefinition definition;
  definition.sink = request.name;
  definition.table = request.options->text("table");
  definition.is_upsert = request.mode == SinkMode::upsert;
  definition.key = request.key;
  for (const Field& field : request.schema->fields())
    definition.columns.push_back({field.name, pg_type_name(field.type.kind)});
  return definition;
}

Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request) {
  if (request.mode == SinkMode::upsert && request.key.empty()) {
    return fail_option("key", ErrorCode::sink_key_missing,
                       "mode upsert of postgres finds a row by its key, which has no column here",
                       "select a constant and name it, as in SELECT 1 AS id, count(*) AS n");
  }
  Settings settings;
  settings.connection = *request.connection;
  settings.schema = request.schema;
  settings.columns.resize(request.schema->size());
  std::iota(settings.columns.begin(), settings.columns.end(), size_t{0});
  settings.definition = definition_of(request);
  SLUICE_ASSIGN(settings.key, key_columns_of(request));
  return std::make_unique<PgSinkDescription>(std::move(settings));
}

}  // namespace sluice::postgres
