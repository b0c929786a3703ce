// build_plan: the whole way from a PlanRequest to a LogicalPlan: orders the steps, binds their SQL,
// composes the graph, infers changelog modes and time columns, checks the sinks, optimises. Pure;
// any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error_code.hpp"
#include "plan/logical_plan.hpp"
#include "plan/plan_request.hpp"

namespace sluice {

// A problem with its place in the file: the field at `path` ("steps.dws_gmv_minute.sql",
// "steps.x.check.0.expr", "sources.y.columns.z.expr", "sinks.w.postgres.key"). With a length,
// characters [offset, offset + length) of that field's text; without one, the field as a whole.
struct PlanProblem {
  ErrorCode code;
  bool is_warning = false;
  std::string path;
  uint32_t offset = 0;
  uint32_t length = 0;
  std::string message;
  std::string suggestion;
};

struct PlanResult {
  std::optional<LogicalPlan> plan;  // none when there are errors
  std::vector<PlanProblem> problems;
};

// Reports every problem it can find in one run. Steps and sources that no sink reaches are checked,
// but are not in the plan.
PlanResult build_plan(const PlanRequest& request);

}  // namespace sluice
