#include <algorithm>

#include "expr/expression_tree.hpp"
#include "plan/conjuncts.hpp"
#include "plan/rules/rules.hpp"

namespace sluice {

namespace {

// What of a filter may run below the node it stands on, per input of that node, and what stays.
struct Split {
  std::vector<Conjuncts> below;
  Conjuncts above;
};

bool reads_only_columns(const Expression& expression, const std::vector<size_t>& allowed) {
  const auto columns = columns_of(expression);
  return std::all_of(columns.begin(), columns.end(), [&](size_t column) {
    return std::find(allowed.begin(), allowed.end(), column) != allowed.end();
  });
}

// Decides conjunct by conjunct. A conjunct moves alone only if no earlier one that stays guards it:
// what may fail keeps its place behind what stands before it.
class Splitter {
 public:
  Splitter(const PlanDraft& draft, const PlanNode& filter)
      : draft_(draft), filter_(filter), below_(draft.node(filter.inputs.front().node)) {
    split_.below.resize(below_.inputs.size());
  }

  Split run() {
    for (const auto& conjunct : split_conjuncts(filter_.as<PlanFilter>()->predicate)) {
      const bool guarded = !split_.above.empty() && may_fail(*conjunct);
      const bool moves = !guarded && is_deterministic(*conjunct) && move(conjunct);
      if (!moves) split_.above.push_back(conjunct);
    }
    return std::move(split_);
  }

 private:
  bool move(const ExpressionPtr& conjunct) {
    if (const auto* project = below_.as<PlanProject>()) return move_past(*project, conjunct);
    if (const auto* join = below_.as<PlanIntervalJoin>()) return move_past(*join, conjunct);
    if (const auto* dedup = below_.as<PlanChangelogDedup>()) {
      // All rows of a key pass or none does, so that the same one of them is kept.
      return reads_only_columns(*conjunct, dedup->key) && take(0, conjunct);
    }
    if (below_.as<PlanLookupJoin>()) {
      const size_t columns = draft_.node(below_.inputs[0].node).schema->size();
      return reads_only(*conjunct, 0, columns) && take(0, conjunct);
    }
    if (!below_.as<PlanUnion>()) return false;
    for (size_t i = 0; i < below_.inputs.size(); ++i) take(i, conjunct);
    return true;
  }

  bool move_past(const PlanProject& project, const ExpressionPtr& conjunct) {
    for (const size_t column : columns_of(*conjunct)) {
      const Expression& expression = *project.expressions[column];
      const bool is_plain = expression.as<ColumnReference>() || expression.as<Literal>();
      // Computing it twice, or failing in another step's name, is not worth it.
      if (!is_plain && may_fail(expression)) return false;
      if (!is_deterministic(expression)) return false;
    }
    return take(0, substitute_columns(conjunct, project.expressions));
  }

  bool move_past(const PlanIntervalJoin& join, const ExpressionPtr& conjunct) {
    const size_t left = draft_.node(below_.inputs[0].node).schema->size();
    if (reads_only(*conjunct, 0, left)) return take(0, conjunct);
    const size_t all = below_.schema->size();
    if (join.kind != JoinKind::inner || !reads_only(*conjunct, left, all)) return false;
    return take(1, shift_columns(conjunct, -static_cast<ptrdiff_t>(left), all));
  }

  bool take(size_t input, ExpressionPtr conjunct) {
    split_.below[input].push_back(std::move(conjunct));
    return true;
  }

  const PlanDraft& draft_;
  const PlanNode& filter_;
  const PlanNode& below_;
  Split split_;
};

// Two filters in a row, unless a failing row would be reported in the other one's name.
bool merge_with_filter_below(PlanDraft& draft, PlanNode& filter) {
  const PlanNode& below = draft.node(filter.inputs.front().node);
  const auto* lower = below.as<PlanFilter>();
  if (!lower || draft.readers(below.id).size() != 1) return false;
  if (below.owner != filter.owner && may_fail(*lower->predicate)) return false;
  auto& upper = std::get<PlanFilter>(filter.operation);
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
  const Split split = Splitter(draft, draft.node(id)).run();
  const bool moves = std::any_of(split.below.begin(), split.below.end(),
                                 [](const Conjuncts& conjuncts) { return !conjuncts.empty(); });
  if (!moves) return false;
  add_filters(draft, id, below, split);
  if (const ExpressionPtr rest = combine_conjuncts(split.above)) {
    std::get<PlanFilter>(draft.node(id).operation).predicate = rest;
  } else {
    draft.redirect_readers(id, below);
  }
  return true;
}

}  // namespace

// Each push moves a filter closer to the sources, so that this ends.
void push_filters(PlanDraft& draft) {
  bool moved = true;
  while (moved) {
    moved = false;
    for (size_t i = 0; i < draft.size(); ++i) {
      moved = push_filter(draft, PlanNodeId(static_cast<uint32_t>(i))) || moved;
    }
  }
}

}  // namespace sluice
