#include "connectors/postgres/pg_lookup.hpp"

#include <set>

#include "connectors/postgres/binary_tuple.hpp"
#include "connectors/postgres/pg_client.hpp"
#include "connectors/postgres/table_description.hpp"
#include "data/text_io.hpp"

namespace sluice::postgres {

namespace {

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

// The key as a value that is compared with the column: of the column's own type, so that an index
// serves, but never cut or rounded until it fits, as a modifier or a cast between types would.
std::string compared_value(const std::string& key, TypeKind kind, const TableColumn& column) {
  const bool is_fraction = kind == TypeKind::numeric || kind == TypeKind::double_precision;
  const bool is_time = kind == TypeKind::timestamp || kind == TypeKind::timestamptz;
  const bool is_whole = column.type_name.starts_with("int") && column.type_name != "interval";
  if (is_fraction && is_whole) return "trim_scale(" + key + "::numeric)::text::" + column.base_type;
  if (is_time && column.type_name == "date") return key + "::" + pg_type_name(kind);
  return key + "::" + column.base_type;
}

class PgLookup final : public Lookup {
 public:
  explicit PgLookup(const Settings& settings) : settings_(settings) {}

  Status open(const Environment&) override { return connect(); }

  Result<RecordBatch> fetch(const RecordBatch& keys) override {
    SLUICE_TRY(connect());
    const std::vector<uint32_t> rows = sendable_rows(keys);
    auto found = find(find_, keys, rows);
    if (!found && found.error().error.retry == Retry::never) found = find_valid(keys, rows);
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
    return make_queries(table);
  }

  SqlResult<QueryResult> find(const std::string& query, const RecordBatch& keys,
                              const std::vector<uint32_t>& rows) {
    std::vector<std::optional<std::string>> parameters;
    for (size_t i = 0; i < keys.columns().size(); ++i)
      parameters.emplace_back(array_literal(keys, i, rows, TimeZone()));
    return client_->query(query, parameters);
  }

  // Of keys one of which may be to blame. A type's input function may refuse a key in any state,
  // also as a wrong statement is refused; but the probe, which only reads keys, passes without any.
  SqlResult<QueryResult> find_valid(const RecordBatch& keys, const std::vector<uint32_t>& rows) {
    if (auto passed = find(probe_, keys, {}); !passed) return passed;
    std::vector<uint32_t> valid;
    if (auto sifted = sift(keys, rows, valid); !sifted)
      return tl::unexpected(std::move(sifted).error());
    return find(find_, keys, valid);
  }

  // Those of `rows` whose keys are values of the table's types: others cannot be in the table.
  // Halves until the others stand alone, so that none of them decides about another row.
  SqlResult<void> sift(const RecordBatch& keys, const std::vector<uint32_t>& rows,
                       std::vector<uint32_t>& valid) {
    const auto passed = find(probe_, keys, rows);
    if (passed) {
      valid.insert(valid.end(), rows.begin(), rows.end());
      return {};
    }
    if (passed.error().error.retry == Retry::later) return tl::unexpected(passed.error());
    if (rows.size() <= 1) return {};
    const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(rows.size() / 2);
    if (auto left = sift(keys, {rows.begin(), middle}, valid); !left) return left;
    return sift(keys, {middle, rows.end()}, valid);
  }

  Status make_queries(const TableDescription& table) {
    std::string select;
    std::string casts;
    std::string arrays;
    std::string names;
    std::string conditions;
    for (size_t i = 0; i < settings_.keys->size(); ++i) {
      const std::string& name = (*settings_.keys)[i].name;
      const TableColumn* column = table.find(name);
      if (column == nullptr) return fail(missing(name));
      const std::string separator = i > 0 ? ", " : "";
      const std::string key = "k" + std::to_string(i);
      const std::string value = compared_value("k." + key, (*settings_.keys)[i].type.kind, *column);
      select += separator + "k." + key;
      casts += separator + "count(" + value + ")";
      arrays += separator + "$" + std::to_string(i + 1) + "::text[]";
      names += separator + key;
      conditions += (i > 0 ? " AND t." : "t.") + client_->quote_identifier(name) + " = " + value;
    }
    for (const Field& field : settings_.values->fields()) {
      if (table.find(field.name) == nullptr) return fail(missing(field.name));
      select += ", t." + client_->quote_identifier(field.name);
    }
    const std::string keys = " FROM unnest(" + arrays + ") AS k(" + names + ")";
    probe_ = "SELECT " + casts + keys;
    find_ = "SELECT " + select + keys + " JOIN " + client_->quote_table(settings_.table) +
            " t ON " + conditions;
    return {};
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
  std::string find_;   // the rows of keys
  std::string probe_;  // fails when a key is no value of its column's type
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
