#include <algorithm>

#include "plan/rules/rules.hpp"

namespace sluice {

namespace {

// Partial results of these merge without the values themselves.
bool all_merge(const std::vector<AggregateCall>& calls) {
  return std::none_of(calls.begin(), calls.end(),
                      [](const AggregateCall& call) { return call.distinct; });
}

}  // namespace

// A row that is folded is late with its whole key, and is not there as itself any more: where dead
// letters want whole rows, nothing that may refuse late rows is folded.
void preaggregate_locally(const PlanRequest& request, PlanDraft& draft) {
  for (PlanNode& node : draft.plan().nodes) {
    const bool exchanges =
        !node.inputs.empty() && node.inputs.front().exchange.kind == Exchange::Kind::hash;
    if (auto* aggregate = std::get_if<PlanWindowAggregate>(&node.operation)) {
      aggregate->local_preaggregation =
          exchanges && !request.carries_whole_rows && all_merge(aggregate->calls);
    }
    if (auto* aggregate = std::get_if<PlanGroupAggregate>(&node.operation)) {
      aggregate->local_preaggregation = exchanges && !aggregate->input_retracts &&
                                        aggregate->ttl_us == 0 && all_merge(aggregate->calls);
    }
  }
}

}  // namespace sluice
