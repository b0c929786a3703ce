// The Kafka publisher: one transaction per epoch that carries the rows and, as its last record, the
// marker. Two transactional ids alternate; the next instance is warmed while the engine goes on. An
// instance writes only if the claim was still ours after it was initialised: whoever claims later
// throws it out, and whoever claimed before is seen. The reasons: checkpoint/PROTOCOL.md.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"

namespace sluice::kafka {

Result<std::unique_ptr<Publisher>> make_publisher(const PublisherRequest& request);

}  // namespace sluice::kafka
