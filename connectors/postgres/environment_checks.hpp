// What `validate --env` compares with a real database: tables, columns, keys, rights. Blocks on the
// server; problems go to Diagnostics at the options' places.
#pragma once

#include "dataflow/connector.hpp"

namespace sluice::postgres {

void check_sink(const SinkRequest& request, Diagnostics& diagnostics);
void check_lookup(const LookupRequest& request, Diagnostics& diagnostics);

}  // namespace sluice::postgres
