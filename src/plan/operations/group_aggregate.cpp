#include "plan/operations/group_aggregate.hpp"

#include "plan/inference/hand_on.hpp"
#include "plan/operations/aggregate_calls.hpp"
#include "plan/text/operation_text.hpp"

namespace sluice {

using Kind = ChangelogMode::Kind;

std::string PlanGroupAggregate::text(const NodeView& view) const {
  const std::vector<std::string> names = view.names();
  std::string text = "group by " + list_text(keys, names) + ":" + calls_text(calls, names);
  if (input_retracts) text += " over changes";
  text += every_text(emit_every_us);
  if (view.node().local_preaggregation) text += " local first";
  return text + ttl_text(ttl_us);
}

std::vector<ColumnSet> PlanGroupAggregate::reads(const NodeView&, const ColumnSet& wanted) const {
  ColumnSet reads(keys.begin(), keys.end());
  add_reads(calls, keys.size(), wanted, reads);
  return {reads};
}

ColumnMapping PlanGroupAggregate::narrow(Narrowing& narrowing) {
  remap(keys, narrowing.input());
  return narrow_calls(calls, keys.size(), narrowing);
}

// Its output changes at any time; what it counts is not refused again.
TimeProperties PlanGroupAggregate::infer_time(const NodeView& view) {
  return {view.input().late_rows, {}, {}};
}

ChangeProperties PlanGroupAggregate::infer_changes(const NodeView& view) {
  input_retracts = view.input().mode.kind != Kind::append;
  return {{Kind::retract, {}}, first_columns(keys.size())};
}

Placement PlanGroupAggregate::infer_placement(const NodeView& view) const {
  return {{gather(view.input(), keys)}, first_columns(keys.size())};
}

bool PlanGroupAggregate::reads_clock() const { return false; }

std::string PlanGroupAggregate::reason_of_changes(const NodeView& view) const {
  return "step " + view.node().owner + " groups without a window, so that its results change";
}

void PlanGroupAggregate::add_facts(StateFacts& facts) const {
  facts.add_keys(0, keys);
  add_calls(calls, facts);
  facts.add("input", input_retracts ? "rows that are taken back" : "rows that stay");
}

bool PlanGroupAggregate::sends_kept_rows() const { return false; }

std::optional<int64_t> PlanGroupAggregate::keeping_time_us() const { return ttl_us; }

// A TTL is judged row by row.
bool PlanGroupAggregate::merges_partials() const {
  return !input_retracts && ttl_us == 0 && all_merge(calls);
}

}  // namespace sluice
