#include "connectors/postgres/pg_lookup.hpp"

#include <map>

#include "connectors/postgres/binary_tuple.hpp"
#include "connectors/postgres/pg_client.hpp"
#include "connectors/postgres/table_description.hpp"
#include "data/column_text.hpp"

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

  Result<LookedUp> fetch(const RecordBatch& keys) override {
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

  LookedUp read(PGresult* result) const {
    std::vector<Field> fields = settings_.keys->fields();
    fields.insert(fields.end(), settings_.values->fields().begin(),
                  settings_.values->fields().end());
    const auto rows = static_cast<size_t>(PQntuples(result));
    std::map<uint32_t, std::string> problems;  // the first of each row
    std::vector<ColumnPtr> columns;
    for (size_t i = 0; i < fields.size(); ++i) {
      ColumnBuilder builder(fields[i].type, rows);
      for (uint32_t row = 0; row < rows; ++row) {
        const auto text = value_at(result, row, i);
        const Status parsed =
            text ? append_parsed(fields[i].type, *text, TimeZone(), builder) : Status{};
        if (!text || !parsed) builder.append_null();
        if (!parsed) {
          problems.emplace(row, "column \"" + fields[i].name + "\": " + parsed.error().message);
        }
      }
      columns.push_back(builder.finish());
    }
    LookedUp found{
        RecordBatch(std::make_shared<Schema>(std::move(fields)), std::move(columns), rows), {}};
    find_duplicates(found.rows, problems);
    for (const auto& [row, problem] : problems) {
      found.unfit.push_back({row, "lookup " + settings_.name + ": table " + settings_.table +
                                      ", key " + key_text(found.rows, row) + ": " + problem});
    }
    return found;
  }

  // None: NULL.
  static std::optional<std::string_view> value_at(PGresult* result, uint32_t row, size_t column) {
    const auto at = static_cast<int>(row);
    const auto field = static_cast<int>(column);
    if (PQgetisnull(result, at, field) != 0) return std::nullopt;
    return std::string_view(PQgetvalue(result, at, field),
                            static_cast<size_t>(PQgetlength(result, at, field)));
  }

  std::string key_text(const RecordBatch& rows, uint32_t row) const {
    std::string text = "(";
    for (size_t i = 0; i < settings_.keys->size(); ++i) {
      if (i > 0) text += ", ";
      format_value(rows.column(i), row, TimeZone(), text);
    }
    return text + ")";
  }

  void find_duplicates(const RecordBatch& rows, std::map<uint32_t, std::string>& problems) const {
    std::map<std::string, uint32_t> first_of_key;
    for (uint32_t row = 0; row < rows.rows(); ++row) {
      std::string key;
      for (size_t i = 0; i < settings_.keys->size(); ++i) {
        format_value(rows.column(i), row, TimeZone(), key);
        key += '\0';
      }
      const auto [first, is_new] = first_of_key.emplace(std::move(key), row);
      if (is_new) continue;
      problems.emplace(first->second, two_rows);
      problems.emplace(row, two_rows);
    }
  }

  static constexpr const char* two_rows = "there are two rows; name a unique key of the table";
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
