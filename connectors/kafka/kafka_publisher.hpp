// The Kafka publisher: one transaction per epoch that carries the rows and, as its last record, the
// marker. Two transactional ids alternate; the next instance is warmed while the engine goes on.
// The reasons: checkpoint/PROTOCOL.md.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"

namespace sluice::kafka {

Result<std::unique_ptr<Publisher>> make_publisher(const PublisherRequest& request);

}  // namespace sluice::kafka
