#include "plan/operations/sink.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "plan/inference/hand_on.hpp"
#include "plan/inference/infer.hpp"
#include "plan/narrowing.hpp"
#include "plan/text/operation_text.hpp"

namespace sluice {

namespace {

using Kind = ChangelogMode::Kind;

const char* mode_name(SinkMode mode) {
  switch (mode) {
    case SinkMode::append:
      return "append";
    case SinkMode::upsert:
      return "upsert";
    case SinkMode::changelog:
      return "changelog";
  }
  SLUICE_ASSERT(false, "unknown mode of a sink");
}

}  // namespace

std::string PlanSink::text(const NodeView& view) const {
  const std::string text = std::string("sink ") + mode_name(mode);
  return key.empty() ? text : text + " by " + list_text(key, view.names());
}

std::vector<ColumnSet> PlanSink::reads(const NodeView& view, const ColumnSet&) const {
  const Columns all = first_columns(view.schema().size());
  return {ColumnSet(all.begin(), all.end())};
}

ColumnMapping PlanSink::narrow(Narrowing& narrowing) {
  remap(key, narrowing.input());
  return narrowing.input();
}

TimeProperties PlanSink::infer_time(const NodeView& view) { return hand_on_times(view); }

ChangeProperties PlanSink::infer_changes(const NodeView& view) { return hand_on_changes(view); }

// All rows of a key must meet in one task to be netted; it has no state, so that any hash of
// columns within the key will do.
Placement PlanSink::infer_placement(const NodeView& view) const {
  const auto& below = view.input().distributed_by;
  const bool is_placed = below && contains_all(key, *below);
  if (!nets_by_key() || is_placed) return stay_in_place(view);
  return {{gather(view.input(), key)}, key};
}

bool PlanSink::reads_clock() const { return false; }

std::string PlanSink::reason_of_changes(const NodeView&) const { return {}; }

Flow PlanSink::flow(const FlowView&) const { return {}; }  // nothing leaves it

// A changelog has no -U for a corrected window; what a source delivers twice would stand twice in
// it, and what is replaced elsewhere has to be taken back.
bool PlanSink::takes_upserts(const NodeView& view, const PlanNode& input) const {
  if (!nets_by_key()) return maker_of_upserts(view.plan(), input).operation->only_corrects();
  const Columns& other = input.mode.key;
  return contains_all(key, other) && contains_all(other, key);
}

bool PlanSink::takes_back_rows(const ChangelogMode& taken) const {
  return taken.kind == Kind::retract && mode != SinkMode::upsert;
}

}  // namespace sluice
