// Whether a table takes the rows of a sink: columns, types, keys and rights, found before a row is
// spooled that it could never take. Blocks on the server.
#pragma once

#include <string>
#include <vector>

#include "connectors/postgres/pg_client.hpp"
#include "connectors/postgres/pg_operation.hpp"
#include "connectors/postgres/table_description.hpp"
#include "data/schema.hpp"

namespace sluice::postgres {

struct TableProblem {
  const char* option;  // of the sink, that it concerns
  std::string message;
};

// Every problem; none: the table takes them. `schema` is of the sink's rows. Errors:
// connection_failed and other failures to look.
Result<std::vector<TableProblem>> find_problems(PgClient& client, const TableDescription& table,
                                                const SinkDefinition& sink, const Schema& schema);

}  // namespace sluice::postgres
