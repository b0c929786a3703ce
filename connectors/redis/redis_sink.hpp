// The Redis sink: a row becomes one key, by a template of its columns: a hash of the other columns
// as text, or a string. Expiry counts from the moment the row is encoded, as an absolute time.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"

namespace sluice::redis {

const OptionTable& sink_options();
Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request);

}  // namespace sluice::redis
