// Readers that need retractions get them where an input only sends upserts.
#include "plan/inference/infer.hpp"
#include "plan/inference/node_view.hpp"
#include "plan/operations/changelog_dedup.hpp"
#include "plan/rewrite.hpp"

namespace sluice {

namespace {

using Kind = ChangelogMode::Kind;

// How long a row of an edge may still be taken back or replaced; 0: for ever.
int64_t keeping_time_us(const PlanDraft& draft, const PlanNode& node) {
  const auto own = node.operation->keeping_time_us();
  if (own) return *own;
  return node.inputs.size() == 1 ? keeping_time_us(draft, draft.node(node.inputs.front().node)) : 0;
}

// The last row of each key is kept, so that a new one can take it back.
PlanNodeId add_completion(PlanDraft& draft, PlanNodeId input) {
  const PlanNode& from = draft.node(input);
  PlanChangelogDedup dedup{.key = from.mode.key, .ops = ChangelogOps::all};
  dedup.ttl_us = keeping_time_us(draft, maker_of_upserts(draft.plan(), from));
  return draft.add(draft.reader_of(input, dedup, from.schema));
}

void complete_upserts(const PlanRequest&, PlanDraft& draft) {
  std::vector<std::optional<PlanNodeId>> completed(draft.size());
  const size_t nodes = draft.size();
  for (size_t i = 0; i < nodes; ++i) {
    const PlanNodeId id(static_cast<uint32_t>(i));
    infer_node(draft.plan(), draft.node(id));
    for (size_t port = 0; port < draft.node(id).inputs.size(); ++port) {
      const PlanNodeId input = draft.node(id).inputs[port].node;
      if (input.value >= nodes || draft.node(input).mode.kind != Kind::upsert) continue;
      const PlanNode& reader = draft.node(id);
      if (reader.operation->takes_upserts(NodeView(draft.plan(), reader), draft.node(input)))
        continue;
      auto& completion = completed[input.value];
      if (!completion) completion = add_completion(draft, input);
      draft.node(id).inputs[port].node = *completion;
    }
    infer_node(draft.plan(), draft.node(id));
  }
}

}  // namespace

void register_complete_upserts(RewriteRegistry& registry) {
  registry.add({"complete_upserts", RewriteStage::changes, complete_upserts});
}

}  // namespace sluice
