// Where a problem of the plan stands in the user's file. Pure.
#pragma once

#include "config/diagnostic.hpp"
#include "plan/planner.hpp"
#include "spec/pipeline_spec.hpp"

namespace sluice {

Diagnostic place_problem(const PlanProblem& problem, const PipelineSpec& spec);

}  // namespace sluice
