// One change of a table, as bytes in a spool, and the definition of the sink it belongs to.
//
// Operation: 'U' and a tuple of all columns (insert or upsert), or 'D' and a tuple of the key
// columns (delete), tuples as in binary_tuple.hpp. Definition: JSON {connector, version, table,
// mode, columns: [{name, type}], key: […]}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice::postgres {

constexpr char write_operation = 'U';
constexpr char delete_operation = 'D';

struct SinkDefinition {
  struct DefinedColumn {
    std::string name;
    std::string type;  // pg_type_name
  };
  std::string table;
  bool is_upsert = false;
  std::vector<DefinedColumn> columns;
  std::vector<std::string> key;

  const std::string& type_of(std::string_view column) const;
};

std::string encode_definition(const SinkDefinition& definition);
// Error state_version for a definition of another version or connector.
Result<SinkDefinition> decode_definition(std::string_view text);

}  // namespace sluice::postgres
