// Between the pipeline file and the planner: what the planner is asked, and where in the file its
// problems stand. Pure functions; any thread.
#pragma once

#include <vector>

#include "config/connector_options.hpp"
#include "config/diagnostic.hpp"
#include "expr/function_registry.hpp"
#include "plan/plan_request.hpp"
#include "plan/planner.hpp"
#include "spec/pipeline_spec.hpp"

namespace sluice {

// `spec` was loaded without errors. The functions are borrowed for as long as the request lives.
PlanRequest make_plan_request(const PipelineSpec& spec, const ConnectorCatalogue& catalogue,
                              const FunctionRegistry& functions);

void report_plan_problems(const PipelineSpec& spec, const std::vector<PlanProblem>& problems,
                          Diagnostics& diagnostics);

}  // namespace sluice
