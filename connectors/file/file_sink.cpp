#include "connectors/file/file_sink.hpp"

#include <filesystem>

#include "connectors/file/folder.hpp"
#include "data/canonical_column.hpp"
#include "kit/sink_key.hpp"

namespace sluice::file {

namespace {

constexpr std::string_view definition_prefix = "file 1 ";
constexpr const char* operation_column = "op";

struct Settings {
  std::string path;
  std::string use;   // SoleUse::what of the file
  SchemaPtr schema;  // of a line
  bool writes_operation = false;
  bool is_upsert = false;
  std::vector<size_t> key;  // of upserts, among the columns of the rows
  std::shared_ptr<const OutputFormatUse> format;
};

class FileSink final : public Sink {
 public:
  FileSink(const Settings& settings, std::unique_ptr<Encoder> encoder)
      : settings_(settings), encoder_(std::move(encoder)) {}

  Status open(const SinkContext&) override { return {}; }

  Status encode(const RecordBatch& batch, OperationWriter& out,
                std::vector<RowRejection>& rejected) override {
    const RecordBatch lines = settings_.writes_operation ? with_operations(batch) : batch;
    for (size_t row = 0; row < lines.rows(); ++row) {
      line_.clear();
      if (Status encoded = encoder_->encode(lines, row, line_); !encoded) {
        rejected.push_back({static_cast<uint32_t>(row), std::move(encoded).error()});
        continue;
      }
      SLUICE_TRY(out.write(line_));
    }
    return {};
  }

 private:
  // A key of an upsert sink has one row, so that taking back means deleting.
  std::string_view operation_text(RowKind kind) const {
    if (settings_.is_upsert && !is_addition(kind)) return row_kind_text(RowKind::delete_row);
    return row_kind_text(kind);
  }

  RecordBatch with_operations(const RecordBatch& batch) const {
    ColumnBuilder operations(Type{TypeKind::text}, batch.rows());
    for (size_t row = 0; row < batch.rows(); ++row)
      operations.append(operation_text(batch.kind(row)));
    std::vector<ColumnPtr> columns = {operations.finish()};
    columns.insert(columns.end(), batch.columns().begin(), batch.columns().end());
    // Readers find the row of a key by its text.
    for (const size_t column : settings_.key) columns[column + 1] = canonical(columns[column + 1]);
    return batch.with_columns(settings_.schema, std::move(columns));
  }

  const Settings& settings_;
  std::unique_ptr<Encoder> encoder_;
  std::string line_;
};

class FileSinkDescription final : public SinkDescription {
 public:
  explicit FileSinkDescription(Settings settings) : settings_(std::move(settings)) {}
  std::string definition() const override {
    return std::string(definition_prefix) + settings_.path;
  }
  std::string place() const override { return "file " + settings_.path; }
  std::optional<SoleUse> sole_use() const override {
    return SoleUse{.what = settings_.use, .option = "path"};
  }
  Result<std::unique_ptr<Sink>> create() const override {
    SLUICE_ASSIGN(auto encoder, settings_.format->make_encoder(settings_.schema));
    return std::make_unique<FileSink>(settings_, std::move(encoder));
  }

 private:
  Settings settings_;
};

Result<SchemaPtr> with_operation_column(const SinkRequest& request) {
  if (request.schema->find(operation_column)) {
    return fail(ErrorCode::duplicate_column,
                "sink " + request.name +
                    " writes the operation of each change as \"op\", but its "
                    "rows have a column of that name",
                "give the column another name in the query");
  }
  std::vector<Field> fields = {{operation_column, Type{TypeKind::text}}};
  fields.insert(fields.end(), request.schema->fields().begin(), request.schema->fields().end());
  return std::make_shared<const Schema>(std::move(fields));
}

}  // namespace

const OptionTable& sink_options() {
  static const OptionTable table = {
      {"path", OptionKind::text, true, "", "file to append to, inside the connection's folder"},
      {"key", OptionKind::text_list, false, "", "columns that identify a row, for mode upsert"},
  };
  return table;
}

Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request) {
  Settings settings;
  settings.path = request.options->text("path");
  SLUICE_TRY(check_path(settings.path));
  settings.use = use_of(folder_of(*request.connection), settings.path);
  settings.format = request.format;
  settings.is_upsert = request.mode == SinkMode::upsert;
  settings.writes_operation = request.mode != SinkMode::append;
  settings.schema = request.schema;
  if (settings.is_upsert) {
    SLUICE_ASSIGN(settings.key, key_columns_of(request));
  }
  if (settings.writes_operation) {
    SLUICE_ASSIGN(settings.schema, with_operation_column(request));
  }
  return std::make_unique<FileSinkDescription>(std::move(settings));
}

Result<std::string> parse_definition(std::string_view definition) {
  if (!definition.starts_with(definition_prefix)) {
    return fail(ErrorCode::state_version,
                "a spool's sink definition is not known: " + std::string(definition));
  }
  const std::string path(definition.substr(definition_prefix.size()));
  SLUICE_TRY(check_path(path));
  return path;
}

}  // namespace sluice::file
