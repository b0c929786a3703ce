// What a table's columns take, read from the catalogue: so that rows which the table would refuse
// are found before they are spooled, and `validate --env` can compare. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connectors/postgres/pg_client.hpp"

namespace sluice::postgres {

struct TableColumn {
  std::string name;
  std::string type;  // as format_type prints it: "character varying(20)"
  // Of a domain, what it stands for at last:
  std::string base_type;         // without modifier, as format_type prints it: "character varying"
  std::string type_name;         // the same in pg_type: "varchar", "int2", "numeric"
  bool is_deterministic = true;  // equal texts are the same text, by its collation
  // Neither text nor a type that the engine has values of: uuid, enums, inet, bytea, arrays. Text
  // is read by the type's own input function.
  bool reads_text = false;
  bool is_enum = false;
  bool not_null = false;
  bool has_default = false;
  std::optional<int32_t> max_characters;  // varchar(n), char(n)
  std::optional<int32_t> precision;       // numeric(p,s)
  int32_t scale = 0;
  std::optional<int32_t> fraction_digits;  // timestamp(p), interval(p)
  // Of interval: before PostgreSQL 17 the parts of an infinite one make a finite one.
  bool has_infinite_intervals = false;
};

struct TableDescription {
  std::vector<TableColumn> columns;
  std::vector<std::vector<std::string>>
      unique_keys;                // of primary key, unique constraints and indexes
  bool has_row_triggers = false;  // that run before a row is written, and may fill it
  bool may_insert = false;
  bool may_update = false;
  bool may_delete = false;
  bool may_select = false;

  const TableColumn* find(std::string_view name) const;
  bool has_unique_key(std::vector<std::string> columns) const;
};

// A statement for the columns that read text: their names and types, without modifier, which would
// cut or round.
std::string text_readers_sql(const PgClient& client, const std::string& table);

// Error table_missing.
Result<TableDescription> describe_table(PgClient& client, const std::string& table);

}  // namespace sluice::postgres
