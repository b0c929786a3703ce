// Columns whose values are each in the form that stands for all equal ones
// (values/canonical_value.hpp). Pure function; any thread.
#pragma once

#include "data/column.hpp"

namespace sluice {

// The column itself where its type has one form only.
ColumnPtr canonical(const ColumnPtr& column);

}  // namespace sluice
