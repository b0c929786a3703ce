// The facts of one node's lineage (plan/lineage.hpp). Pure.
#pragma once

#include <string>
#include <vector>

#include "plan/flow.hpp"

namespace sluice {

struct FactsRequest {
  const LogicalPlan& plan;  // the states that the node reads have their fingerprints
  const PlanNode& node;
  const std::vector<Flow>& flows;
};

// With `all_filters`, also those that only records meet.
std::vector<LineageFact> facts_of_state(const FactsRequest& request, bool all_filters,
                                        const std::string& zone_name);
// Of what reaches a sink beside its rows' plain values: what keeps rows to take them back, and what
// decides which of them are.
std::vector<LineageFact> facts_of_sink(const FactsRequest& request);

}  // namespace sluice
