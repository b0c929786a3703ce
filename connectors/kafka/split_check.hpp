// The Kafka source's SplitCheck: fetches the record before each position once more, with a client
// of its own, and judges what comes (split_finding.hpp). A partition whose leader is away keeps its
// question open, which delays no other. Commits what is decided as offsets of the consumer
// group that is called as the pipeline, which only lag tools read. Contract:
// dataflow/split_check.hpp.
#pragma once

#include <memory>

#include "connectors/kafka/kafka_source.hpp"
#include "dataflow/split_check.hpp"

namespace sluice::kafka {

// The first two are borrowed. Touches no network before something is to be confirmed or reported.
std::unique_ptr<SplitCheck> make_split_check(const Options& connection,
                                             const SourceSettings& settings,
                                             const std::string& pipeline_id);

}  // namespace sluice::kafka
