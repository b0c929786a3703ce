#include "plan/operations/interval_join.hpp"

#include <algorithm>

#include "plan/inference/hand_on.hpp"
#include "plan/inference/state_facts.hpp"
#include "plan/narrowing.hpp"
#include "plan/operations/two_sides.hpp"
#include "plan/text/operation_text.hpp"
#include "sql/relation_text.hpp"
#include "windows/duration_text.hpp"

namespace sluice {

namespace {

void add_side(const PlanJoinSide& side, ColumnSet& reads) {
  reads.insert(side.keys.begin(), side.keys.end());
  reads.insert(side.time_column);
}

void add_side(const PlanJoinSide& from, size_t port, const std::string& side, StateFacts& facts) {
  facts.add_keys(port, from.keys, side);
  facts.add(side + "time", facts.use(port, from.time_column));
  facts.add_columns(port, side);
}

void narrow_side(PlanJoinSide& side, const ColumnMapping& mapping) {
  remap(side.keys, mapping);
  side.time_column = mapping[side.time_column];
}

}  // namespace

std::string PlanIntervalJoin::text(const NodeView& view) const {
  const std::vector<std::string> left_names = view.names(0);
  const std::vector<std::string> right_names = view.names(1);
  std::string text = kind == JoinKind::left ? "left interval join " : "interval join ";
  text += list_text(left.keys, left_names) + " = " + list_text(right.keys, right_names);
  text += ", right." + right_names[right.time_column] + " - left." + left_names[left.time_column] +
          " in [" + duration_text(lower_us) + ", " + duration_text(upper_us) + "]";
  if (residual) text += " and " + to_string(*residual, view.own_names());
  return text + " lags " + duration_text(left.lag_us) + " " + duration_text(right.lag_us) +
         late_text(left.late);
}

std::vector<ColumnSet> PlanIntervalJoin::reads(const NodeView& view,
                                               const ColumnSet& wanted) const {
  std::vector<ColumnSet> reads = reads_of_sides(view, wanted, residual);
  add_side(left, reads[0]);
  add_side(right, reads[1]);
  return reads;
}

ColumnMapping PlanIntervalJoin::narrow(Narrowing& narrowing) {
  const ColumnMapping of_left = narrowing.exactly(0);
  const ColumnMapping of_right = narrowing.exactly(1);
  const ColumnMapping mapping = joined(of_left, narrowing.input_columns(0), of_right);
  narrow_side(left, of_left);
  narrow_side(right, of_right);
  remap(residual, mapping);
  return mapping;
}

TimeProperties PlanIntervalJoin::infer_time(const NodeView& view) {
  left.lag_us = lag_of(view.input(0), left.time_column).value_or(0);
  right.lag_us = lag_of(view.input(1), right.time_column).value_or(0);
  const LateRows from_left = accept_late(left.late, view.input(0).late_rows);
  const LateRows from_right = accept_late(right.late, view.input(1).late_rows);
  TimeProperties time;
  time.late_rows = {false, std::max(from_left.accepted_us, from_right.accepted_us)};
  // A row without a partner waits for the late ones, too.
  const int64_t wait = kind == JoinKind::left ? from_right.accepted_us : 0;
  const int64_t left_lag = std::max(left.lag_us, right.lag_us + upper_us + wait);
  time.time_columns.push_back({left.time_column, left_lag});
  if (kind == JoinKind::left) return time;  // padded rows have no right time
  const int64_t right_lag = std::max(right.lag_us, left.lag_us - lower_us);
  time.time_columns.push_back({view.input_columns(0) + right.time_column, right_lag});
  return time;
}

ChangeProperties PlanIntervalJoin::infer_changes(const NodeView& view) {
  return {{}, unique_key_of_sides(view, kind, left.keys, right.keys)};
}

Placement PlanIntervalJoin::infer_placement(const NodeView& view) const {
  return {{gather(view.input(0), left.keys), gather(view.input(1), right.keys)}, left.keys};
}

bool PlanIntervalJoin::reads_clock() const { return residual && !is_deterministic(*residual); }

std::string PlanIntervalJoin::reason_of_changes(const NodeView&) const { return {}; }

void PlanIntervalJoin::add_facts(StateFacts& facts) const {
  add_side(left, 0, "left ", facts);
  add_side(right, 1, "right ", facts);
  facts.add("bounds", duration_text(lower_us) + " to " + duration_text(upper_us));
  if (kind == JoinKind::left) facts.add("kind", "left join");
}

bool PlanIntervalJoin::sends_kept_rows() const { return false; }

std::vector<MovedPredicate> PlanIntervalJoin::move_below(const NodeView& view,
                                                         const ExpressionPtr& conjunct) const {
  return move_to_side(view, kind, conjunct);
}

}  // namespace sluice
