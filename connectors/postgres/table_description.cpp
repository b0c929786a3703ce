#include "connectors/postgres/table_description.hpp"

#include <algorithm>
#include <cstdlib>

namespace sluice::postgres {

namespace {

// Columns a, and the types t that they are of at last, with modifier: of domains, what they stand
// for.
constexpr std::string_view from_columns =
    " FROM pg_attribute a CROSS JOIN LATERAL ("
    "WITH RECURSIVE base(type, modifier) AS (SELECT a.atttypid, a.atttypmod UNION ALL "
    "SELECT d.typbasetype, d.typtypmod FROM base JOIN pg_type d ON d.oid = base.type "
    "WHERE d.typtype = 'd') "
    "SELECT base.type, base.modifier FROM base JOIN pg_type d ON d.oid = base.type "
    "WHERE d.typtype <> 'd') b JOIN pg_type t ON t.oid = b.type "
    "LEFT JOIN pg_collation c ON c.oid = a.attcollation "
    "WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = to_regclass(";

constexpr std::string_view reads_text =
    "(t.typcategory <> 'S' AND t.typname NOT IN ('char', 'bool', 'int2', 'int4', 'int8', 'float4', "
    "'float8', 'numeric', 'date', 'timestamp', 'timestamptz', 'interval', 'jsonb'))";

std::string columns_sql() {
  return "SELECT a.attname, format_type(a.atttypid, a.atttypmod), format_type(b.type, -1), "
         "t.typname, b.modifier, a.attnotnull, a.atthasdef OR a.attidentity <> '', "
         "coalesce(c.collisdeterministic, true), t.typtype = 'e', " +
         std::string(reads_text) + ", current_setting('server_version_num')::int >= 170000" +
         std::string(from_columns) + "$1) ORDER BY a.attnum";
}

constexpr const char* keys_sql =
    "SELECT i.indexrelid, a.attname FROM pg_index i "
    "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
    "WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL "
    "AND i.indexprs IS NULL ORDER BY 1";

constexpr const char* rights_sql =
    "SELECT has_table_privilege(r, 'INSERT'), has_table_privilege(r, 'UPDATE'), "
    "has_table_privilege(r, 'DELETE'), has_table_privilege(r, 'SELECT'), "
    "EXISTS (SELECT FROM pg_trigger WHERE tgrelid = r AND tgenabled <> 'D' AND tgtype & 3 = 3) "
    "FROM to_regclass($1) r";

constexpr int32_t modifier_header = 4;

std::string text_at(const QueryResult& result, int row, int column) {
  return PQgetvalue(result.get(), row, column);
}
bool bool_at(const QueryResult& result, int row, int column) {
  return text_at(result, row, column) == "t";
}

// What the type's modifier says, -1 for none: see numeric.c, varchar.c and timestamp.c.
void read_modifier(int32_t modifier, TableColumn& column) {
  if (modifier < 0) return;
  if (column.type_name == "varchar" || column.type_name == "bpchar") {
    column.max_characters = modifier - modifier_header;
  } else if (column.type_name == "numeric") {
    column.precision = ((modifier - modifier_header) >> 16) & 0xFFFF;
    column.scale = (((modifier - modifier_header) & 0x7FF) ^ 0x400) - 0x400;
  } else if (column.type_name == "timestamp" || column.type_name == "timestamptz") {
    column.fraction_digits = modifier;
  } else if (column.type_name == "interval") {
    constexpr int32_t all_digits = 0xFFFF;
    constexpr int32_t all_fields = 0x7FFF;
    const int32_t digits = modifier & 0xFFFF;
    const bool has_all_fields = ((modifier >> 16) & 0x7FFF) == all_fields;
    if (digits != all_digits || !has_all_fields)
      column.fraction_digits = has_all_fields ? digits : 0;
  }
}

TableColumn column_at(const QueryResult& result, int row) {
  TableColumn column;
  column.name = text_at(result, row, 0);
  column.type = text_at(result, row, 1);
  column.base_type = text_at(result, row, 2);
  column.type_name = text_at(result, row, 3);
  column.not_null = bool_at(result, row, 5);
  column.has_default = bool_at(result, row, 6);
  column.is_deterministic = bool_at(result, row, 7);
  column.is_enum = bool_at(result, row, 8);
  column.reads_text = bool_at(result, row, 9);
  column.has_infinite_intervals = bool_at(result, row, 10);
  read_modifier(std::atoi(text_at(result, row, 4).c_str()), column);
  return column;
}

Error as_error(SqlFailure failure) { return std::move(failure.error); }

}  // namespace

const TableColumn* TableDescription::find(std::string_view name) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const TableColumn& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

bool TableDescription::has_unique_key(std::vector<std::string> wanted) const {
  std::sort(wanted.begin(), wanted.end());
  return std::find(unique_keys.begin(), unique_keys.end(), wanted) != unique_keys.end();
}

std::string text_readers_sql(const PgClient& client, const std::string& table) {
  return "SELECT a.attname, format_type(b.type, -1)" + std::string(from_columns) +
         client.quote_literal(client.quote_table(table)) + ") AND " + std::string(reads_text);
}

Result<TableDescription> describe_table(PgClient& client, const std::string& table) {
  const std::vector<std::optional<std::string>> parameters = {client.quote_table(table)};
  TableDescription description;
  auto columns = client.query(columns_sql(), parameters);
  if (!columns) return fail(as_error(std::move(columns).error()));
  for (int row = 0; row < PQntuples(columns->get()); ++row)
    description.columns.push_back(column_at(*columns, row));
  if (description.columns.empty()) {
    return fail(ErrorCode::table_missing, "table " + table + " does not exist",
                "create it or correct its name");
  }
  auto keys = client.query(keys_sql, parameters);
  if (!keys) return fail(as_error(std::move(keys).error()));
  std::string last_index;
  for (int row = 0; row < PQntuples(keys->get()); ++row) {
    if (text_at(*keys, row, 0) != last_index) description.unique_keys.emplace_back();
    last_index = text_at(*keys, row, 0);
    description.unique_keys.back().push_back(text_at(*keys, row, 1));
  }
  for (auto& key : description.unique_keys) std::sort(key.begin(), key.end());
  auto rights = client.query(rights_sql, parameters);
  if (!rights) return fail(as_error(std::move(rights).error()));
  description.may_insert = bool_at(*rights, 0, 0);
  description.may_update = bool_at(*rights, 0, 1);
  description.may_delete = bool_at(*rights, 0, 2);
  description.may_select = bool_at(*rights, 0, 3);
  description.has_row_triggers = bool_at(*rights, 0, 4);
  return description;
}

}  // namespace sluice::postgres
