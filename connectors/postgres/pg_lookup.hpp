// The PostgreSQL lookup: fetches the rows of a dimension table for a batch of keys in one query.
// Keys are compared in the table's own types, so that an index serves; keys that are not valid
// values of those types are not there.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"

namespace sluice::postgres {

const OptionTable& lookup_options();
Result<std::unique_ptr<LookupDescription>> make_lookup(const LookupRequest& request);

}  // namespace sluice::postgres
