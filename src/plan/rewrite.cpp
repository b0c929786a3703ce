#include "plan/rewrite.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "plan/rewrites/merge_projects.hpp"

namespace sluice {

namespace {

void settle(PlanDraft& draft) {
  draft.sort();
  merge_projects(draft);
  draft.sort();
  draft.infer();
}

}  // namespace

void RewriteRegistry::add(Rewrite rewrite) {
  const bool is_new = std::none_of(rewrites_.begin(), rewrites_.end(), [&](const Rewrite& known) {
    return known.name == rewrite.name;
  });
  SLUICE_ASSERT(is_new, "two rewrites of one name");
  const auto behind = std::upper_bound(
      rewrites_.begin(), rewrites_.end(), rewrite,
      [](const Rewrite& left, const Rewrite& right) { return left.stage < right.stage; });
  rewrites_.insert(behind, std::move(rewrite));
}

void optimise(const PlanRequest& request, PlanDraft& draft) {
  settle(draft);
  for (const Rewrite& rewrite : request.rewrites->all()) {
    rewrite.apply(request, draft);
    if (rewrite.stage != RewriteStage::execution) settle(draft);
  }
}

}  // namespace sluice
