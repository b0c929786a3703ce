// The PostgreSQL publisher: one transaction per epoch that moves the marker row from the epoch
// before and writes the rows. Reading the marker FOR UPDATE waits out a COMMIT whose answer was
// lost. The marker's table: sluice.progress, created on the first claim.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"

namespace sluice::postgres {

Result<std::unique_ptr<Publisher>> make_publisher(const PublisherRequest& request);

}  // namespace sluice::postgres
