// Marks aggregates that pay to be started before the exchange.
#include "plan/rewrite.hpp"

namespace sluice {

namespace {

// A row that is folded is late with its whole key, and is not there as itself any more: where dead
// letters want whole rows, nothing that may refuse late rows is folded.
void preaggregate_locally(const PlanRequest& request, PlanDraft& draft) {
  for (PlanNode& node : draft.plan().nodes) {
    const bool exchanges =
        !node.inputs.empty() && node.inputs.front().exchange.kind == Exchange::Kind::hash;
    const bool keeps_rows = request.carries_whole_rows && node.operation->refuses_late_rows();
    node.local_preaggregation = exchanges && !keeps_rows && node.operation->merges_partials();
  }
}

}  // namespace

void register_preaggregate_locally(RewriteRegistry& registry) {
  registry.add({"preaggregate_locally", RewriteStage::execution, preaggregate_locally});
}

}  // namespace sluice
