// A scan of fewer columns. Pure.
#pragma once

#include "formats/decoder.hpp"
#include "plan/narrowing.hpp"

namespace sluice {

// The wanted ones first, then what is read without being handed on (event time, filters, required
// columns, what computed columns are computed from), then what only the whole row wants. Says where
// the wanted ones went.
ColumnMapping narrow_scan(ScanSpec& scan, const ColumnSet& wanted);

}  // namespace sluice
