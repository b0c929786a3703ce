// A refused tuple for its dead letter. Text and jsonb are taken from the tuple itself: the database
// may not be able to hold them, and that may be why the row is refused. Blocks on the server,
// inside a transaction, which it leaves as it found it, but for the stage's contents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/postgres/pg_client.hpp"
#include "connectors/postgres/pg_operation.hpp"

namespace sluice::postgres {

// A JSON object of the tuple's columns, times in ISO 8601 with Z; empty when the server cannot even
// read them. `stage` is a table of these columns. Fails only where the transaction cannot go on.
SqlResult<std::string> describe_row(PgClient& client, const std::string& stage,
                                    const std::vector<SinkDefinition::DefinedColumn>& columns,
                                    std::string_view tuple);

}  // namespace sluice::postgres
