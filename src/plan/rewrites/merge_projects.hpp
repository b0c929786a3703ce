// A projection over a projection is one; one that changes nothing is none. Part of settling a draft
// (plan/rewrite.hpp), not a rewrite of its own: every other one leaves projections behind.
#pragma once

#include "plan/draft.hpp"

namespace sluice {

// Leaves nodes that nobody reads, for PlanDraft::sort to drop.
void merge_projects(PlanDraft& draft);

}  // namespace sluice
