// The Kafka sink: a row becomes a record of a topic: its key the JSON or text of the key columns,
// its value the format's document; a deleted key becomes a tombstone. Operation layout:
// kafka_operation.hpp.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"

namespace sluice::kafka {

const OptionTable& sink_options();
Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request);

}  // namespace sluice::kafka
