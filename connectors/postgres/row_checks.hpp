// What a table would refuse, found before a row is spooled: NULL in a NOT NULL column, a NUL byte,
// text too long, numbers out of range. And keys that the table would change: what the engine keeps
// apart must not meet there. Immutable; any thread.
#pragma once

#include <optional>
#include <vector>

#include "connectors/postgres/table_description.hpp"
#include "data/record_batch.hpp"

namespace sluice::postgres {

class RowChecks {
 public:
  RowChecks() = default;
  // `schema`'s columns are all in the table; `key`: those of them that tell rows apart.
  RowChecks(const Schema& schema, const TableDescription& table, const std::vector<size_t>& key);

  // Why the row would be refused, if so.
  std::optional<Error> check(const RecordBatch& batch, size_t row) const;
  // The same of a row that is deleted: its key.
  std::optional<Error> check_key(const RecordBatch& batch, size_t row) const;

 private:
  struct ColumnCheck {
    size_t column;
    TableColumn table;
    bool is_key;
  };
  std::vector<ColumnCheck> checks_;
};

}  // namespace sluice::postgres
