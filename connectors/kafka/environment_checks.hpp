// What `validate --env` compares with a real cluster. Blocks on the brokers; problems go to
// Diagnostics at the options' places.
#pragma once

#include "config/diagnostic.hpp"
#include "config/option_spec.hpp"

namespace sluice::kafka {

// The option `topic` names a topic that exists and may be described.
void check_topic(const Options& connection, const Options& options, Diagnostics& diagnostics);
// The brokers allow transactions as long as ours may take (transaction.max.timeout.ms).
void check_transactions(const Options& connection, const Options& options,
                        Diagnostics& diagnostics);

}  // namespace sluice::kafka
