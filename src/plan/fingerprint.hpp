// State ids and fingerprints of the nodes with state. Pure.
#pragma once

#include "plan/logical_plan.hpp"

namespace sluice {

// A fingerprint holds the node's own definition and how its inputs' columns are computed, back to
// the source or the next node with state; filters are left out: they decide what comes, not what
// the state means.
void add_fingerprints(LogicalPlan& plan);

}  // namespace sluice
