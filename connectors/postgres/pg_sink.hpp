// The PostgreSQL sink: rows become tuples for COPY, deletes the tuples of their keys. It reads the
// table's description once, when it opens: to refuse a table that cannot take its rows at all, and
// to find single rows that it would refuse.
#pragma once

#include <memory>

#include "connectors/postgres/pg_operation.hpp"
#include "dataflow/connector.hpp"

namespace sluice::postgres {

const OptionTable& sink_options();
SinkDefinition definition_of(const SinkRequest& request);
Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request);

}  // namespace sluice::postgres
