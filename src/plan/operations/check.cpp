#include "plan/operations/check.hpp"

#include <algorithm>

#include "plan/inference/hand_on.hpp"
#include "plan/narrowing.hpp"

namespace sluice {

std::string PlanCheck::text(const NodeView& view) const {
  std::string text = "check";
  for (const PlannedCheck& check : checks) {
    text += " " + check.name + ": " + to_string(*check.predicate, view.names());
  }
  return text;
}

std::vector<ColumnSet> PlanCheck::reads(const NodeView&, const ColumnSet& wanted) const {
  ColumnSet columns = wanted;
  for (const PlannedCheck& check : checks) add_columns(check.predicate, columns);
  return {columns};
}

ColumnMapping PlanCheck::narrow(Narrowing& narrowing) {
  for (PlannedCheck& check : checks) remap(check.predicate, narrowing.input());
  return narrowing.input();
}

TimeProperties PlanCheck::infer_time(const NodeView& view) { return hand_on_times(view); }

ChangeProperties PlanCheck::infer_changes(const NodeView& view) {
  ChangeProperties changes = hand_on_changes(view);
  need_retractions(changes);
  return changes;
}

Placement PlanCheck::infer_placement(const NodeView& view) const { return stay_in_place(view); }

bool PlanCheck::reads_clock() const {
  return std::any_of(checks.begin(), checks.end(),
                     [](const PlannedCheck& check) { return !is_deterministic(*check.predicate); });
}

std::string PlanCheck::reason_of_changes(const NodeView&) const { return {}; }

Flow PlanCheck::flow(const FlowView& below) const {
  Flow flow = below.input();
  for (const PlannedCheck& check : checks) {
    FlowTerm term = term_of(*check.predicate, flow.columns);
    term.text = "check " + term.text;
    flow.filters.push_back({std::move(term), below.input_meets_changes()});
  }
  return flow;
}

}  // namespace sluice
