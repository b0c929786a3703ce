// The headers of a record as JSON. Pure function.
#pragma once

#include <string>

#include "base/result.hpp"
#include "data/raw_batch.hpp"

namespace sluice {

// Appends the headers of a record as a JSON object: of equal names the last counts, as in jsonb; a
// value without bytes at all is null. Error column_invalid for a name or value that is not UTF-8.
Status append_headers(const RawBatch& raw, const RawRecord& record, std::string& out);

}  // namespace sluice
