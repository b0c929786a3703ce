#include "connectors/postgres/pg_lookup.hpp"

#include <set>

#include "connectors/postgres/pg_client.hpp"
#include "connectors/postgres/table_description.hpp"
#include "data/text_io.hpp"

namespace sluice::postgres {

namespace {

constexpr const char* untranslatable = "22P05";

struct Settings {
  Options connection;
  std::string name;
  std::string table;
  SchemaPtr keys;
  SchemaPtr values;
};

// A text array literal of one key column's values.
std::string array_literal(const RecordBatch& keys, size_t column, const std::vector<uint32_t>& rows,
                          const TimeZone& zone) {
  std::string literal = "{";
  std::string value;
  for (const uint32_t row : rows) {
    value.clear();
    format_value(keys.column(column), row, zone, value);
    if (literal.size() > 1) literal += ',';
    literal += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') literal += '\\';
      literal += c;
    }
    literal += '"';
  }
  return literal + "}";
}

// Rows of keys that text parameters can carry.
std::vector<uint32_t> sendable_rows(const RecordBatch& keys) {
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < keys.rows(); ++row) {
    bool is_sendable = true;
    for (const ColumnPtr& column : keys.columns()) {
      const bool is_text = column->type().is_view();
      is_sendable = is_sendable && !column->is_null(row) &&
                    !(is_text &&
                      column->values<std::string_view>()[row].find('\0') != std::string_view::npos);
    }
    if (is_sendable) rows.push_back(row);
  }
  return rows;
}

class PgLookup final : public Lookup {
 public:
  explicit PgLookup(const Settings& settings) : settings_(settings) {}

  Status open(const Environment&) override { return connect(); }

  Result<RecordBatch> fetch(const RecordBatch& keys) override {
    SLUICE_TRY(connect());
    std::vector<uint32_t> rows = sendable_rows(keys);
    auto found = find(keys, rows);
    if (!found && found.error().sqlstate == untranslatable) {
      std::vector<uint32_t> known;
      if (auto sifted = sift(keys, rows, known); !sifted)
        found = tl::unexpected(std::move(sifted).error());
      else
        found = find(keys, known);
    }
    if (!found) {
      Error error = std::move(found).error().error;
      client_.reset();
      return fail(Error{ErrorCode::lookup_failed,
                        "lookup " + settings_.name + ": " + error.message,
                        error.retry,
                        {}});
    }
    return read(found->get());
  }

 private:
  Status connect() {
    if (client_ && PQstatus(client_->get()) == CONNECTION_OK) return {};
    client_.reset();
    SLUICE_ASSIGN(PgClient client, PgClient::connect(settings_.connection));
    client_.emplace(std::move(client));
    SLUICE_ASSIGN(const TableDescription table, describe_table(*client_, settings_.table));
    SLUICE_ASSIGN(by_type_, make_query(table, true));
    SLUICE_ASSIGN(by_text_, make_query(table, false));
    return {};
  }

  static std::vector<std::optional<std::string>> parameters_of(const RecordBatch& keys,
                                                               const std::vector<uint32_t>& rows) {
    std::vector<std::optional<std::string>> parameters;
    for (size_t i = 0; i < keys.columns().size(); ++i)
      parameters.emplace_back(array_literal(keys, i, rows, TimeZone()));
    return parameters;
  }

  SqlResult<QueryResult> find(const RecordBatch& keys, const std::vector<uint32_t>& rows) {
    const auto parameters = parameters_of(keys, rows);
    auto found = client_->query(by_type_, parameters);
    if (found || !found.error().refuses_row() || found.error().sqlstate == untranslatable)
      return found;
    return client_->query(by_text_, parameters);
  }

  // Those of `rows` whose keys have only characters that the database's encoding knows: others
  // cannot be in the table. Halves until the others stand alone.
  SqlResult<void> sift(const RecordBatch& keys, const std::vector<uint32_t>& rows,
                       std::vector<uint32_t>& known) {
    std::vector<std::optional<std::string>> parameters = parameters_of(keys, rows);
    std::string probe;
    for (size_t i = 1; i <= parameters.size(); ++i)
      probe += (i == 1 ? "SELECT $" : ", $") + std::to_string(i) + "::text";
    const auto passed = client_->query(probe, parameters);
    if (passed) {
      known.insert(known.end(), rows.begin(), rows.end());
      return {};
    }
    if (passed.error().sqlstate != untranslatable) return tl::unexpected(passed.error());
    if (rows.size() <= 1) return {};
    const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(rows.size() / 2);
    if (auto left = sift(keys, {rows.begin(), middle}, known); !left) return left;
    return sift(keys, {middle, rows.end()}, known);
  }

  Result<std::string> make_query(const TableDescription& table, bool by_type) const {
    std::string select;
    std::string arrays;
    std::string names;
    std::string conditions;
    for (size_t i = 0; i < settings_.keys->size(); ++i) {
      const std::string& name = (*settings_.keys)[i].name;
      const TableColumn* column = table.find(name);
      if (column == nullptr) return fail(missing(name));
      const std::string key = "k" + std::to_string(i);
      const std::string quoted = "t." + client_->quote_identifier(name);
      select += (i > 0 ? ", k." : "k.") + key;
      arrays += (i > 0 ? ", $" : "$") + std::to_string(i + 1) + "::text[]";
      names += (i > 0 ? ", " : "") + key;
      conditions += i > 0 ? " AND " : "";
      // Without modifier, which would cut or round the key until it fits.
      conditions += by_type ? quoted + " = k." + key + "::" + column->base_type
                            : quoted + "::text = k." + key;
    }
    for (const Field& field : settings_.values->fields()) {
      if (table.find(field.name) == nullptr) return fail(missing(field.name));
      select += ", t." + client_->quote_identifier(field.name);
    }
    return "SELECT " + select + " FROM unnest(" + arrays + ") AS k(" + names + ") JOIN " +
           client_->quote_table(settings_.table) + " t ON " + conditions;
  }

  Error missing(const std::string& column) const {
    return {ErrorCode::table_mismatch,
            "table " + settings_.table + " has no column \"" + column + "\"",
            Retry::never,
            {}};
  }

  Result<RecordBatch> read(PGresult* result) const {
    std::vector<Field> fields = settings_.keys->fields();
    fields.insert(fields.end(), settings_.values->fields().begin(),
                  settings_.values->fields().end());
    const auto rows = static_cast<size_t>(PQntuples(result));
    std::vector<ColumnPtr> columns;
    for (size_t i = 0; i < fields.size(); ++i) {
      ColumnBuilder builder(fields[i].type, rows);
      for (size_t row = 0; row < rows; ++row) {
        const int at = static_cast<int>(row);
        const int column = static_cast<int>(i);
        if (PQgetisnull(result, at, column) != 0) {
          builder.append_null();
          continue;
        }
        const std::string_view text(PQgetvalue(result, at, column),
                                    static_cast<size_t>(PQgetlength(result, at, column)));
        if (Status parsed = append_parsed(fields[i].type, text, TimeZone(), builder); !parsed) {
          return fail(ErrorCode::lookup_failed, "lookup " + settings_.name + ": column \"" +
                                                    fields[i].name +
                                                    "\": " + parsed.error().message);
        }
      }
      columns.push_back(builder.finish());
    }
    RecordBatch batch(std::make_shared<Schema>(std::move(fields)), std::move(columns), rows);
    SLUICE_TRY(refuse_duplicates(batch));
    return batch;
  }

  Status refuse_duplicates(const RecordBatch& batch) const {
    std::set<std::string> seen;
    for (size_t row = 0; row < batch.rows(); ++row) {
      std::string key;
      for (size_t i = 0; i < settings_.keys->size(); ++i) {
        format_value(batch.column(i), row, TimeZone(), key);
        key += '\0';
      }
      if (seen.insert(std::move(key)).second) continue;
      return fail(
          ErrorCode::lookup_failed,
          "lookup " + settings_.name + ": table " + settings_.table + " has two rows for one key",
          "name a unique key of the table");
    }
    return {};
  }

  const Settings& settings_;
  std::optional<PgClient> client_;
  std::string by_type_;
  std::string by_text_;
};

class PgLookupDescription final : public LookupDescription {
 public:
  explicit PgLookupDescription(Settings settings) : settings_(std::move(settings)) {}
  SchemaPtr key_schema() const override { return settings_.keys; }
  SchemaPtr value_schema() const override { return settings_.values; }
  std::unique_ptr<Lookup> create() const override { return std::make_unique<PgLookup>(settings_); }

 private:
  Settings settings_;
};

}  // namespace

const OptionTable& lookup_options() {
  static const OptionTable table = {
      {"table", OptionKind::text, true, "", "table to read, with its schema: dim.province"},
      {"key", OptionKind::text_list, true, "",
       "columns that lookup()'s arguments are compared with, in this order"},
  };
  return table;
}

Result<std::unique_ptr<LookupDescription>> make_lookup(const LookupRequest& request) {
  Settings settings;
  settings.connection = *request.connection;
  settings.name = request.name;
  settings.table = request.options->text("table");
  settings.keys = std::make_shared<Schema>(request.keys);
  settings.values = request.columns;
  return std::make_unique<PgLookupDescription>(std::move(settings));
}

}  // namespace sluice::postgres
