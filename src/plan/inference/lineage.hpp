// State ids of the nodes with state, and what decides what their state means, or what the changes
// that a sink takes mean (data/lineage.hpp). Pure.
#pragma once

#include <string>

#include "plan/logical_plan.hpp"

namespace sluice {

// A state's lineage holds the node's own definition, how its input columns are computed, back to
// the columns of the sources and how those are read, and the fingerprints of the states it reads.
// Filters are left out, for they decide what comes, not what the state means, but for two cases:
// where changes meet them, since a row that did not pass must not be taken back; and where states
// of one owner are equal otherwise, since they must not be taken for each other.
void add_lineage(LogicalPlan& plan, const std::string& zone_name);

}  // namespace sluice
