#include "plan/operations/changelog_dedup.hpp"

#include "plan/inference/hand_on.hpp"
#include "plan/inference/state_facts.hpp"
#include "plan/narrowing.hpp"
#include "plan/text/operation_text.hpp"

namespace sluice {

using Kind = ChangelogMode::Kind;

std::string PlanChangelogDedup::text(const NodeView& view) const {
  const std::vector<std::string> names = view.names();
  std::string text = "changelog dedup by " + list_text(key, names);
  if (ops == ChangelogOps::all) text += " keep last";
  if (version_column) text += " version " + names[*version_column];
  return text + ttl_text(ttl_us);
}

std::vector<ColumnSet> PlanChangelogDedup::reads(const NodeView&, const ColumnSet& wanted) const {
  ColumnSet columns = wanted;
  columns.insert(key.begin(), key.end());
  if (version_column) columns.insert(*version_column);
  return {columns};
}

ColumnMapping PlanChangelogDedup::narrow(Narrowing& narrowing) {
  remap(key, narrowing.input());
  remap(version_column, narrowing.input());
  return narrowing.input();
}

TimeProperties PlanChangelogDedup::infer_time(const NodeView& view) { return hand_on_times(view); }

ChangeProperties PlanChangelogDedup::infer_changes(const NodeView&) {
  return {{ops == ChangelogOps::all ? Kind::retract : Kind::append, {}}, key};
}

Placement PlanChangelogDedup::infer_placement(const NodeView& view) const {
  return {{gather(view.input(), key)}, key};
}

bool PlanChangelogDedup::reads_clock() const { return false; }

std::string PlanChangelogDedup::reason_of_changes(const NodeView&) const { return {}; }

void PlanChangelogDedup::add_facts(StateFacts& facts) const {
  facts.add_keys(0, key);
  if (ops == ChangelogOps::all) facts.add_columns(0);
  if (version_column) facts.add("version", facts.use(0, *version_column));
}

bool PlanChangelogDedup::sends_kept_rows() const { return true; }

bool PlanChangelogDedup::takes_upserts(const NodeView&, const PlanNode& input) const {
  return key == input.mode.key;
}

std::optional<int64_t> PlanChangelogDedup::keeping_time_us() const { return ttl_us; }

// All rows of a key pass or none does, so that the same one of them is kept.
std::vector<MovedPredicate> PlanChangelogDedup::move_below(const NodeView&,
                                                           const ExpressionPtr& conjunct) const {
  if (!contains_all(key, columns_of(*conjunct))) return {};
  return {{0, conjunct}};
}

}  // namespace sluice
