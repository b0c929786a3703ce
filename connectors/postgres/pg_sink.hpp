// The PostgreSQL sink: rows become tuples for COPY, deletes the tuples of their keys. It reads the
// table's description once, when it opens, to find rows that the table would refuse.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"

namespace sluice::postgres {

const OptionTable& sink_options();
Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request);

}  // namespace sluice::postgres
