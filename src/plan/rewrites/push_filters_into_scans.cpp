// A filter right above a source runs while decoding.
#include "expr/expression_tree.hpp"
#include "plan/conjuncts.hpp"
#include "plan/inference/hand_on.hpp"
#include "plan/operations/filter.hpp"
#include "plan/operations/source.hpp"
#include "plan/rewrite.hpp"

namespace sluice {

namespace {

// A row that fails while decoding is a dead letter of the source; only what cannot fail may run
// there, so that failures stay with the step whose SQL it is. Of a source with updates, a row that
// does not pass may still replace one that did, unless the key alone decides.
bool can_scan(const PlanNode& filter, const PlanNode& node) {
  const ExpressionPtr& predicate = filter.as<PlanFilter>()->predicate;
  const auto* source = node.as<PlanSource>();
  if (!source || !is_deterministic(*predicate) || may_fail(*predicate)) return false;
  const Columns& key = source->change_key;
  return key.empty() || contains_all(key, columns_of(*predicate));
}

void push_filters_into_scans(const PlanRequest&, PlanDraft& draft) {
  for (size_t i = 0; i < draft.size(); ++i) {
    const PlanNode& filter = draft.node(PlanNodeId(static_cast<uint32_t>(i)));
    if (!filter.as<PlanFilter>()) continue;
    PlanNode& source = draft.node(filter.inputs.front().node);
    if (!can_scan(filter, source) || draft.readers(source.id).size() != 1) continue;
    ExpressionPtr& scanned = source.operation.as<PlanSource>()->scan.predicate;
    Conjuncts conjuncts = scanned ? split_conjuncts(scanned) : Conjuncts{};
    conjuncts.push_back(filter.as<PlanFilter>()->predicate);
    scanned = combine_conjuncts(std::move(conjuncts));
    draft.redirect_readers(filter.id, source.id);
  }
}

}  // namespace

void register_push_filters_into_scans(RewriteRegistry& registry) {
  registry.add({"push_filters_into_scans", RewriteStage::decoding, push_filters_into_scans});
}

}  // namespace sluice
