// The Kafka source's SplitCheck: fetches the record before each position once more, with a client
// of its own, and compares timestamp and hash. Contract: dataflow/source.hpp.
#pragma once

#include <memory>

#include "connectors/kafka/kafka_source.hpp"

namespace sluice::kafka {

// Both borrowed. Touches no network before something is to be confirmed.
std::unique_ptr<SplitCheck> make_split_check(const Options& connection,
                                             const SourceSettings& settings);

}  // namespace sluice::kafka
