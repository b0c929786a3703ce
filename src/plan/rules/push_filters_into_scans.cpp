#include "plan/conjuncts.hpp"
#include "plan/rules/rules.hpp"

namespace sluice {

namespace {

// A row that fails while decoding is a dead letter of the source; only what cannot fail may run
// there, so that failures stay with the step whose SQL it is.
bool can_scan(const PlanNode& filter, const PlanNode& source) {
  const ExpressionPtr& predicate = filter.as<PlanFilter>()->predicate;
  return source.as<PlanSource>() && is_deterministic(*predicate) && !may_fail(*predicate);
}

}  // namespace

void push_filters_into_scans(PlanDraft& draft) {
  for (size_t i = 0; i < draft.size(); ++i) {
    const PlanNode& filter = draft.node(PlanNodeId(static_cast<uint32_t>(i)));
    if (!filter.as<PlanFilter>()) continue;
    PlanNode& source = draft.node(filter.inputs.front().node);
    if (!can_scan(filter, source) || draft.readers(source.id).size() != 1) continue;
    ExpressionPtr& scanned = std::get<PlanSource>(source.operation).scan.predicate;
    Conjuncts conjuncts = scanned ? split_conjuncts(scanned) : Conjuncts{};
    conjuncts.push_back(filter.as<PlanFilter>()->predicate);
    scanned = combine_conjuncts(std::move(conjuncts));
    draft.redirect_readers(filter.id, source.id);
  }
}

}  // namespace sluice
