// Optimizer rules: each rewrites a draft to one that gives the same rows for less. One rule per
// file, run in the order of optimise(); no rule needs another one to be correct. One thread.
#pragma once

#include "plan/draft.hpp"
#include "plan/plan_request.hpp"

namespace sluice {

// All rules in order; leaves the draft sorted and inferred.
void optimise(const PlanRequest& request, PlanDraft& draft);

// A projection over a projection is one; one that changes nothing is none.
void merge_projects(PlanDraft& draft);
// Filters move towards the sources, as far as they keep their meaning: past projections, lookups,
// unions and joins; past dedup only over its key.
void push_filters(PlanDraft& draft);
// A filter right above a source runs while decoding.
void push_filters_into_scans(PlanDraft& draft);
// Columns that nobody reads are neither decoded nor kept in state.
void prune_columns(PlanDraft& draft);
// Sources that read the same outside stream share one reader.
void share_scans(const PlanRequest& request, PlanDraft& draft);
// Readers that need retractions get them where an input only sends upserts.
void complete_upserts(PlanDraft& draft);
// Marks aggregates that pay to be started before the exchange.
void preaggregate_locally(const PlanRequest& request, PlanDraft& draft);

}  // namespace sluice
