#include "plan/rules/rules.hpp"

namespace sluice {

void optimise(const PlanRequest& request, PlanDraft& draft) {
  draft.sort();
  merge_projects(draft);
  push_filters(draft);
  draft.sort();
  push_filters_into_scans(draft);
  merge_projects(draft);
  draft.sort();
  draft.infer();
  prune_columns(draft);
  merge_projects(draft);
  draft.sort();
  draft.infer();
  complete_upserts(draft);
  draft.sort();
  draft.infer();
  preaggregate_locally(request, draft);
  share_scans(request, draft);
}

}  // namespace sluice
