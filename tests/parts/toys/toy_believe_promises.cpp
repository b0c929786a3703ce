// A filter that only tests what is promised leaves no row out: it is left out itself.
#include "plan/operations/filter.hpp"
#include "plan/rewrite.hpp"

namespace sluice {

namespace {

bool is_promise(const Expression& expression) {
  const auto* call = expression.as<Call>();
  return call != nullptr && call->function->name == "toy_promise";
}

void believe_promises(const PlanRequest&, PlanDraft& draft) {
  for (const PlanNode& node : draft.plan().nodes) {
    const auto* filter = node.as<PlanFilter>();
    if (filter && is_promise(*filter->predicate))
      draft.redirect_readers(node.id, node.inputs.front().node);
  }
}

}  // namespace

void register_toy_believe_promises(RewriteRegistry& registry) {
  registry.add({"toy_believe_promises", RewriteStage::filters, believe_promises});
}

}  // namespace sluice
