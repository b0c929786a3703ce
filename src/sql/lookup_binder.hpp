// LATERAL lookup('name', key…): the join of a stream with a dimension table. One thread.
#pragma once

#include "sql/from_binder.hpp"

namespace sluice {

bool is_lookup(const ParseNode& item);

struct LookupJoinForm {
  JoinKind kind;
  const ParseNode* condition;  // of ON; null or absent for a comma join
};

// `item` is the RangeFunction that calls lookup.
BoundTable bind_lookup(BindState& state, BoundTable input, const ParseNode& item,
                       const LookupJoinForm& form);

}  // namespace sluice
