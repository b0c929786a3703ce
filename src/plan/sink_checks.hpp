// Whether sinks can take what their steps send: changelog mode, key, delivery. One thread.
#pragma once

#include "plan/draft.hpp"
#include "plan/plan_request.hpp"
#include "plan/problems.hpp"

namespace sluice {

void check_sinks(const PlanRequest& request, const PlanDraft& draft, PlanProblems& problems);

}  // namespace sluice
