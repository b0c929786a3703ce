#include "plan/operations/regular_join.hpp"

#include "plan/inference/hand_on.hpp"
#include "plan/inference/state_facts.hpp"
#include "plan/narrowing.hpp"
#include "plan/operations/two_sides.hpp"
#include "plan/text/operation_text.hpp"

namespace sluice {

using Kind = ChangelogMode::Kind;

std::string PlanRegularJoin::text(const NodeView& view) const {
  std::string text = kind == JoinKind::left ? "left join " : "join ";
  text += list_text(left_keys, view.names(0)) + " = " + list_text(right_keys, view.names(1));
  if (residual) text += " and " + to_string(*residual, view.own_names());
  return text + ttl_text(ttl_us);
}

std::vector<ColumnSet> PlanRegularJoin::reads(const NodeView& view, const ColumnSet& wanted) const {
  std::vector<ColumnSet> reads = reads_of_sides(view, wanted, residual);
  reads[0].insert(left_keys.begin(), left_keys.end());
  reads[1].insert(right_keys.begin(), right_keys.end());
  return reads;
}

ColumnMapping PlanRegularJoin::narrow(Narrowing& narrowing) {
  const ColumnMapping of_left = narrowing.exactly(0);
  const ColumnMapping of_right = narrowing.exactly(1);
  const ColumnMapping mapping = joined(of_left, narrowing.input_columns(0), of_right);
  remap(left_keys, of_left);
  remap(right_keys, of_right);
  remap(residual, mapping);
  return mapping;
}

// A row is joined whenever its partner comes, so that its time says nothing of when that is.
TimeProperties PlanRegularJoin::infer_time(const NodeView& view) {
  return {later_of(view.input(0).late_rows, view.input(1).late_rows), {}, {}};
}

ChangeProperties PlanRegularJoin::infer_changes(const NodeView& view) {
  const bool appends =
      view.input(0).mode.kind == Kind::append && view.input(1).mode.kind == Kind::append;
  sends_changes = !appends || kind == JoinKind::left;
  return {{sends_changes ? Kind::retract : Kind::append, {}},
          unique_key_of_sides(view, kind, left_keys, right_keys)};
}

Placement PlanRegularJoin::infer_placement(const NodeView& view) const {
  return {{gather(view.input(0), left_keys), gather(view.input(1), right_keys)}, left_keys};
}

bool PlanRegularJoin::reads_clock() const { return residual && !is_deterministic(*residual); }

std::string PlanRegularJoin::reason_of_changes(const NodeView& view) const {
  if (kind != JoinKind::left) return {};
  return "step " + view.node().owner + " sends a row of its LEFT JOIN again when a partner comes";
}

// What a pair was sent for is asked of it again when one of the two is taken back.
void PlanRegularJoin::add_facts(StateFacts& facts) const {
  facts.add_keys(0, left_keys, "left ");
  facts.add_columns(0, "left ");
  facts.add_keys(1, right_keys, "right ");
  facts.add_columns(1, "right ");
  if (kind == JoinKind::left) facts.add("kind", "left join");
  if (!residual || !sends_changes) return;
  std::vector<FlowTerm> columns = facts.input(0).columns;
  const std::vector<FlowTerm>& of_right = facts.input(1).columns;
  columns.insert(columns.end(), of_right.begin(), of_right.end());
  facts.add_condition(residual, columns);
}

bool PlanRegularJoin::sends_kept_rows() const { return true; }

std::optional<int64_t> PlanRegularJoin::keeping_time_us() const { return ttl_us; }

std::vector<MovedPredicate> PlanRegularJoin::move_below(const NodeView& view,
                                                        const ExpressionPtr& conjunct) const {
  return move_to_side(view, kind, conjunct);
}

}  // namespace sluice
