#include "plan/operations/lookup_join.hpp"

#include "plan/conjuncts.hpp"
#include "plan/inference/hand_on.hpp"
#include "plan/inference/state_facts.hpp"
#include "plan/narrowing.hpp"
#include "plan/text/operation_text.hpp"

namespace sluice {

namespace {

using Kind = ChangelogMode::Kind;

const char* kind_text(JoinKind kind) { return kind == JoinKind::left ? "left lookup " : "lookup "; }

// What the condition sees: the columns of the rows, then the lookup's.
std::vector<FlowTerm> with_looked_up(std::vector<FlowTerm> columns, const PlanLookupJoin& join) {
  for (const Field& field : join.lookup_columns->fields()) {
    columns.push_back({"lookup " + join.lookup + "." + field.name, {}});
  }
  return columns;
}

}  // namespace

std::string PlanLookupJoin::text(const NodeView& view) const {
  const std::vector<std::string> names = view.names();
  std::string text = kind_text(kind) + lookup + " by " + list_text(keys, names) + " for (" +
                     lookup_columns->to_string() + ")";
  if (residual) text += " and " + to_string(*residual, view.own_names());
  if (!keeps_rows) return text;
  return text + (state_key_is_unique ? " keeps rows by " : " counts rows by ") +
         list_text(state_key, names);
}

std::vector<ColumnSet> PlanLookupJoin::reads(const NodeView& view, const ColumnSet& wanted) const {
  ColumnSet both = wanted;
  add_columns(residual, both);
  ColumnSet reads(both.begin(), both.lower_bound(view.input_columns()));
  reads.insert(keys.begin(), keys.end());
  const auto& unique = view.input().unique_key;
  if (keeps_rows && unique) reads.insert(unique->begin(), unique->end());
  return {reads};
}

ColumnMapping PlanLookupJoin::narrow(Narrowing& narrowing) {
  const ColumnMapping& below = narrowing.input();
  ColumnSet needed = narrowing.wanted();
  add_columns(residual, needed);
  ColumnMapping looked_up(lookup_columns->size(), no_column);
  std::vector<Field> fields;
  for (size_t i = 0; i < looked_up.size(); ++i) {
    if (!needed.contains(below.size() + i)) continue;
    looked_up[i] = fields.size();
    fields.push_back((*lookup_columns)[i]);
  }
  lookup_columns = std::make_shared<Schema>(std::move(fields));
  const ColumnMapping mapping = joined(below, narrowing.input_columns(), looked_up);
  remap(keys, below);
  remap(state_key, below);
  remap(residual, mapping);
  return mapping;
}

TimeProperties PlanLookupJoin::infer_time(const NodeView& view) { return hand_on_times(view); }

ChangeProperties PlanLookupJoin::infer_changes(const NodeView& view) {
  ChangeProperties changes = hand_on_changes(view);
  keeps_rows = changes.mode.kind != Kind::append;
  state_key.clear();
  if (!keeps_rows) return changes;
  state_key_is_unique = changes.unique_key.has_value();
  state_key = changes.unique_key.value_or(first_columns(view.input_columns()));
  changes.mode = {Kind::retract, {}};
  return changes;
}

Placement PlanLookupJoin::infer_placement(const NodeView& view) const {
  if (!keeps_rows) return stay_in_place(view);
  return {{gather(view.input(), state_key)}, state_key};
}

bool PlanLookupJoin::reads_clock() const { return residual && !is_deterministic(*residual); }

std::string PlanLookupJoin::reason_of_changes(const NodeView&) const { return {}; }

bool PlanLookupJoin::keeps_state() const { return keeps_rows; }

Flow PlanLookupJoin::flow(const FlowView& below) const {
  Flow flow = below.input();
  flow.columns = with_looked_up(std::move(flow.columns), *this);
  FlowTerm passed{kind_text(kind) + lookup, {}};
  for (const size_t key : keys) {
    passed.text += " " + flow.columns[key].text;
    passed.reads.insert(flow.columns[key].reads.begin(), flow.columns[key].reads.end());
  }
  flow.filters.push_back({std::move(passed), false});
  if (residual) add_filters(residual, flow.columns, false, flow);
  return flow;
}

// A row is taken back as it was sent: what it was sent with is kept, whether it was sent is not,
// and follows from the kind and the condition.
void PlanLookupJoin::add_facts(StateFacts& facts) const {
  facts.add_keys(0, state_key);
  facts.add_columns(0);
  facts.add("lookup", lookup + " " + lookup_columns->to_string());
  if (kind == JoinKind::left) facts.add("kind", "left join");
  if (residual) facts.add_condition(residual, with_looked_up(facts.input().columns, *this));
  facts.add("rows", state_key_is_unique ? "one of each key" : "counted");
}

bool PlanLookupJoin::sends_kept_rows() const { return true; }

std::vector<MovedPredicate> PlanLookupJoin::move_below(const NodeView& view,
                                                       const ExpressionPtr& conjunct) const {
  if (!reads_only(*conjunct, 0, view.input_columns())) return {};
  return {{0, conjunct}};
}

}  // namespace sluice
