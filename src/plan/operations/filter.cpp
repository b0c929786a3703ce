#include "plan/operations/filter.hpp"

#include "plan/inference/hand_on.hpp"
#include "plan/narrowing.hpp"

namespace sluice {

std::string PlanFilter::text(const NodeView& view) const {
  return "filter " + to_string(*predicate, view.names());
}

std::vector<ColumnSet> PlanFilter::reads(const NodeView&, const ColumnSet& wanted) const {
  ColumnSet columns = wanted;
  add_columns(predicate, columns);
  return {columns};
}

ColumnMapping PlanFilter::narrow(Narrowing& narrowing) {
  remap(predicate, narrowing.input());
  return narrowing.input();
}

TimeProperties PlanFilter::infer_time(const NodeView& view) { return hand_on_times(view); }

// Whether the row that is replaced had passed must be known, unless the key alone decides.
ChangeProperties PlanFilter::infer_changes(const NodeView& view) {
  ChangeProperties changes = hand_on_changes(view);
  if (!contains_all(changes.mode.key, columns_of(*predicate))) need_retractions(changes);
  return changes;
}

Placement PlanFilter::infer_placement(const NodeView& view) const { return stay_in_place(view); }

bool PlanFilter::reads_clock() const { return !is_deterministic(*predicate); }

std::string PlanFilter::reason_of_changes(const NodeView&) const { return {}; }

Flow PlanFilter::flow(const FlowView& below) const {
  Flow flow = below.input();
  add_filters(predicate, below.input().columns, below.input_meets_changes(), flow);
  return flow;
}

bool PlanFilter::takes_upserts(const NodeView& view, const PlanNode&) const {
  return view.node().mode.kind == ChangelogMode::Kind::upsert;
}

}  // namespace sluice
