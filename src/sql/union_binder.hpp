// UNION ALL. One thread.
#pragma once

#include "sql/query_binder.hpp"

namespace sluice {

// All branches of a chain of UNION ALL as one relation; other set operations are reported.
BoundQuery bind_union(BindState& state, const ParseNode& node, const CteScope* ctes);

}  // namespace sluice
