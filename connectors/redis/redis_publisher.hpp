// The Redis publisher: chunks of operations, each an optimistic transaction (WATCH … EXEC) that
// also moves the marker, so that an interrupted epoch goes on where it stopped. With wait_replicas
// nothing counts as written, neither a claim nor an epoch, until so many replicas have it.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"

namespace sluice::redis {

Result<std::unique_ptr<Publisher>> make_publisher(const PublisherRequest& request);

}  // namespace sluice::redis
