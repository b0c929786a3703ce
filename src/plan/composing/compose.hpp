// Composition: sources, steps and sinks of a request to the nodes of a draft. One thread.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "plan/draft.hpp"
#include "plan/plan_request.hpp"
#include "plan/problems.hpp"

namespace sluice {

// The node whose output is a source's or step's rows, by name. A name that has errors is missing.
using RelationNodes = std::map<std::string, PlanNodeId, std::less<>>;

// Decoding and, where asked for, dedup. None after a problem has been reported.
std::optional<PlanNodeId> compose_source(const PlanRequest& request, const SourceSettings& source,
                                         PlanDraft& draft, PlanProblems& problems);
// The step's relation and its checks. None after a problem has been reported.
struct StepInput {
  const PlanRequest& request;
  const StepSettings& settings;
  const RelationNodes& relations;
};
std::optional<PlanNodeId> compose_step(const StepInput& step, const RelationPtr& relation,
                                       PlanDraft& draft, PlanProblems& problems);
void compose_sink(const SinkSettings& sink, const RelationNodes& relations, PlanDraft& draft,
                  PlanProblems& problems);

}  // namespace sluice
