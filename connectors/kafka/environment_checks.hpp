// What `validate --env` compares with a real cluster. Blocks on the brokers; problems go to
// Diagnostics at the options' places.
#pragma once

#include "config/diagnostic.hpp"
#include "config/option_spec.hpp"

namespace sluice::kafka {

// The topic exists, and has the partitions and offsets that `start` names.
void check_source(const Options& connection, const Options& options, Diagnostics& diagnostics);
// The topic exists and takes records as large as ours may be (max.message.bytes); the brokers allow
// transactions as long as ours may take (transaction.max.timeout.ms).
void check_sink(const Options& connection, const Options& options, Diagnostics& diagnostics);

}  // namespace sluice::kafka
