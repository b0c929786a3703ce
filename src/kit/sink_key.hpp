// Where a sink's key columns stand in its rows. A pure function; any thread.
#pragma once

#include <vector>

#include "dataflow/connector.hpp"

namespace sluice {

// In the order of the key. Error unknown_column of the option `key`.
Result<std::vector<size_t>> key_columns_of(const SinkRequest& request);

}  // namespace sluice
