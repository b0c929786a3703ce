// One change of a table, as bytes in a spool, and the definition of the sink it belongs to.
//
// Operation: 'U' and a tuple of all columns (insert or upsert), or 'D' and a tuple of the key
// columns (delete), tuples as in binary_tuple.hpp. Definition: JSON {connector, version, sink,
// table, upsert, columns: [{name, type}], key: […]}; older spools lack `sink`.
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
  std::string sink;  // its name in the file, for messages; may be empty
  std::string table;
  bool is_upsert = false;
  std::vector<DefinedColumn> columns;
  std::vector<std::string> key;

  const std::string& type_of(std::string_view column) const;
};

// "sink totals, table ads.gmv_minute".
std::string describe_place(const SinkDefinition& definition);

std::string encode_definition(const SinkDefinition& definition);
// Error state_version for a definition of another version or connector.
Result<SinkDefinition> decode_definition(std::string_view text);

}  // namespace sluice::postgres
