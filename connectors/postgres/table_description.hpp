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
  std::string type;       // as format_type prints it: "character varying(20)"
  std::string type_name;  // without modifier: "varchar", "int2", "numeric"
  bool not_null = false;
  bool has_default = false;
  std::optional<int32_t> max_characters;  // varchar(n), char(n)
  std::optional<int32_t> precision;       // numeric(p,s)
  int32_t scale = 0;
};

struct TableDescription {
  std::vector<TableColumn> columns;
  std::vector<std::vector<std::string>>
      unique_keys;  // of primary key, unique constraints and indexes
  bool may_insert = false;
  bool may_update = false;
  bool may_delete = false;
  bool may_select = false;

  const TableColumn* find(std::string_view name) const;
  bool has_unique_key(std::vector<std::string> columns) const;
};

// Error table_missing.
Result<TableDescription> describe_table(PgClient& client, const std::string& table);

}  // namespace sluice::postgres
