// Filters move towards the sources, as far as they keep their meaning: past projections, lookups,
// unions and joins; past dedup only over its key.
#include <algorithm>

#include "expr/expression_tree.hpp"
#include "plan/conjuncts.hpp"
#include "plan/inference/node_view.hpp"
#include "plan/operations/filter.hpp"
#include "plan/rewrite.hpp"

namespace sluice {

namespace {

// What of a filter may run below the node it stands on, per input of that node, and what stays.
struct Split {
  std::vector<Conjuncts> below;
  Conjuncts above;
};

// Decides conjunct by conjunct. A conjunct moves alone only if no earlier one that stays guards it:
// what may fail keeps its place behind what stands before it.
Split split_filter(const PlanDraft& draft, const PlanNode& filter) {
  const PlanNode& below = draft.node(filter.inputs.front().node);
  const NodeView view(draft.plan(), below);
  Split split;
  split.below.resize(below.inputs.size());
  for (const auto& conjunct : split_conjuncts(filter.as<PlanFilter>()->predicate)) {
    const bool guarded = !split.above.empty() && may_fail(*conjunct);
    std::vector<MovedPredicate> moved;
    if (!guarded && is_deterministic(*conjunct)) {
      moved = below.operation->move_below(view, conjunct);
    }
    for (MovedPredicate& part : moved) split.below[part.port].push_back(std::move(part.predicate));
    if (moved.empty()) split.above.push_back(conjunct);
  }
  return split;
}

// Two filters in a row, unless a failing row would be reported in the other one's name.
bool merge_with_filter_below(PlanDraft& draft, PlanNode& filter) {
  const PlanNode& below = draft.node(filter.inputs.front().node);
  const auto* lower = below.as<PlanFilter>();
  if (!lower || draft.readers(below.id).size() != 1) return false;
  if (below.owner != filter.owner && may_fail(*lower->predicate)) return false;
  auto& upper = *filter.operation.as<PlanFilter>();
  Conjuncts all = split_conjuncts(lower->predicate);
  for (const ExpressionPtr& own : split_conjuncts(upper.predicate)) all.push_back(own);
  upper.predicate = combine_conjuncts(std::move(all));
  filter.inputs.front().node = below.inputs.front().node;
  return true;
}

void add_filters(PlanDraft& draft, PlanNodeId filter, PlanNodeId below, const Split& split) {
  for (size_t i = 0; i < split.below.size(); ++i) {
    const ExpressionPtr predicate = combine_conjuncts(split.below[i]);
    if (!predicate) continue;
    const PlanNodeId input = draft.node(below).inputs[i].node;
    PlanNode moved = draft.reader_of(input, PlanFilter{predicate}, draft.node(input).schema);
    moved.owner = draft.node(filter).owner;
    moved.position = draft.node(filter).position;
    moved.on_error = draft.node(filter).on_error;
    draft.node(below).inputs[i].node = draft.add(std::move(moved));
  }
}

bool push_filter(PlanDraft& draft, PlanNodeId id) {
  if (!draft.node(id).as<PlanFilter>() || draft.readers(id).empty()) return false;
  if (merge_with_filter_below(draft, draft.node(id))) return true;
  const PlanNodeId below = draft.node(id).inputs.front().node;
  if (draft.readers(below).size() != 1) return false;
  const Split split = split_filter(draft, draft.node(id));
  const bool moves = std::any_of(split.below.begin(), split.below.end(),
                                 [](const Conjuncts& conjuncts) { return !conjuncts.empty(); });
  if (!moves) return false;
  add_filters(draft, id, below, split);
  if (const ExpressionPtr rest = combine_conjuncts(split.above)) {
    draft.node(id).operation.as<PlanFilter>()->predicate = rest;
  } else {
    draft.redirect_readers(id, below);
  }
  return true;
}

// Each push moves a filter closer to the sources, so that this ends.
void push_filters(const PlanRequest&, PlanDraft& draft) {
  bool moved = true;
  while (moved) {
    moved = false;
    for (size_t i = 0; i < draft.size(); ++i) {
      moved = push_filter(draft, PlanNodeId(static_cast<uint32_t>(i))) || moved;
    }
  }
}

}  // namespace

void register_push_filters(RewriteRegistry& registry) {
  registry.add({"push_filters", RewriteStage::filters, push_filters});
}

}  // namespace sluice
