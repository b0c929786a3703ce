// Joins of FROM: of two streams, and of a stream with a lookup. One thread.
#pragma once

#include "sql/from_binder.hpp"

namespace sluice {

BoundTable bind_join(BindState& state, const ParseNode& node, const CteScope* ctes);
// `left, item`: a join without a condition, or with a lookup.
BoundTable bind_comma_join(BindState& state, BoundTable left, const ParseNode& item,
                           const CteScope* ctes);

}  // namespace sluice
