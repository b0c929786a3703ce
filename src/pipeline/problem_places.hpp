// Where a problem of the plan, or of what compiles it, stands in the user's file. Pure.
#pragma once

#include "compile/compile.hpp"
#include "config/diagnostic.hpp"
#include "plan/planner.hpp"
#include "spec/pipeline_spec.hpp"

namespace sluice {

Diagnostic place_problem(const PlanProblem& problem, const PipelineSpec& spec);
// At the option at fault, else at the end as a whole.
Diagnostic place_problem(const CompileProblem& problem, const PipelineSpec& spec);
Diagnostic place_problem(const Error& error, const std::string& path, const EndpointSpec& endpoint);

}  // namespace sluice
