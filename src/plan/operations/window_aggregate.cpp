#include "plan/operations/window_aggregate.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "plan/inference/hand_on.hpp"
#include "plan/operations/aggregate_calls.hpp"
#include "plan/text/operation_text.hpp"
#include "windows/duration_text.hpp"

namespace sluice {

namespace {

using Kind = ChangelogMode::Kind;
using Role = WindowKey::Role;

constexpr int64_t day_us = 86'400'000'000;
constexpr int64_t margin_us = 3'600'000'000;

bool has_role(const std::vector<WindowKey>& keys, Role role) {
  return std::any_of(keys.begin(), keys.end(),
                     [role](const WindowKey& key) { return key.role == role; });
}

// The group's key, less the columns of a window that another one tells: the end and the last time
// before it tell all; of windows of one size the start does, too, and is taken first.
Columns unique_key_of(const PlanWindowAggregate& aggregate) {
  const bool starts_tell = aggregate.window.window->is_told_by_start();
  std::optional<Role> telling;
  for (const Role role : window_roles) {
    if (telling || (!starts_tell && role == Role::window_start)) continue;
    if (has_role(aggregate.keys, role)) telling = role;
  }
  Columns columns;
  for (size_t i = 0; i < aggregate.keys.size(); ++i) {
    const Role role = aggregate.keys[i].role;
    if (!telling || role == Role::column || role == telling) columns.push_back(i);
  }
  return columns;
}

}  // namespace

std::string PlanWindowAggregate::text(const NodeView& view) const {
  const std::vector<std::string> names = view.names();
  std::string text = short_text(window, names) + " lag " + duration_text(window.lag_us) + " by";
  for (const WindowKey& key : keys) {
    text += key.role == Role::column ? " " + names[key.column]
                                     : " @" + std::string(window_column_name(key.role));
  }
  text += ":" + calls_text(calls, names) + every_text(emit_every_us);
  if (view.node().local_preaggregation) text += " local first";
  return text + late_text(late);
}

std::vector<ColumnSet> PlanWindowAggregate::reads(const NodeView&, const ColumnSet& wanted) const {
  ColumnSet reads(window.partition.begin(), window.partition.end());
  reads.insert(window.time_column);
  for (const WindowKey& key : keys) {
    if (key.role == Role::column) reads.insert(key.column);
  }
  add_reads(calls, keys.size(), wanted, reads);
  return {reads};
}

ColumnMapping PlanWindowAggregate::narrow(Narrowing& narrowing) {
  for (WindowKey& key : keys) {
    if (key.role == Role::column) key.column = narrowing.input()[key.column];
  }
  window.time_column = narrowing.input()[window.time_column];
  remap(window.partition, narrowing.input());
  return narrow_calls(calls, keys.size(), narrowing);
}

// A window leaves once the watermark has passed its end, so that the last time before it is behind
// no more than the end is.
TimeProperties PlanWindowAggregate::infer_time(const NodeView& view) {
  const PlanNode& input = view.input();
  window.lag_us =
      lag_of(input, window.time_column).value_or(0) + window.window->open_after_end_us();
  TimeProperties time;
  time.late_rows = accept_late(late, input.late_rows);
  // A carried window_start is behind the window's end by its size already.
  const bool is_by_start = input.window && input.window->start == window.time_column;
  const auto length = window.window->length();
  const int64_t size_us = length ? length->most_us : 0;
  const int64_t end_lag_us = is_by_start ? window.lag_us - size_us : window.lag_us;
  WindowedResult result{.window = window.window};
  for (size_t i = 0; i < keys.size(); ++i) {
    const bool is_carried_start =
        keys[i].role == Role::column && input.window && input.window->start == keys[i].column;
    const bool is_start = keys[i].role == Role::window_start || is_carried_start;
    if (is_start) result.start = i;
    if (keys[i].role == Role::window_end) result.end = i;
    if (keys[i].role == Role::window_time) result.time = i;
    // Without a length, a window may have started at any time.
    if (is_start && length) time.time_columns.push_back({i, end_lag_us + size_us});
    if (!is_start && keys[i].role != Role::column) time.time_columns.push_back({i, end_lag_us});
  }
  time.window = result;
  return time;
}

ChangeProperties PlanWindowAggregate::infer_changes(const NodeView&) {
  const bool updates = emit_every_us > 0 || late.accept_us > 0;
  const Columns key = unique_key_of(*this);
  if (!updates) return {{}, key};
  return {{Kind::upsert, key}, key};
}

Placement PlanWindowAggregate::infer_placement(const NodeView& view) const {
  Columns from;
  Columns to;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].role != Role::column) continue;
    from.push_back(keys[i].column);
    to.push_back(i);
  }
  if (!window.window->depends_on_rows()) return {{gather(view.input(), from)}, to};
  Columns partition;
  for (const size_t column : window.partition) {
    const auto at = std::find(from.begin(), from.end(), column);
    SLUICE_ASSERT(at != from.end(), "the columns of a partition are keys");
    partition.push_back(to[static_cast<size_t>(at - from.begin())]);
  }
  return {{gather(view.input(), window.partition)}, partition};
}

bool PlanWindowAggregate::reads_clock() const { return false; }

std::string PlanWindowAggregate::reason_of_changes(const NodeView& view) const {
  const std::string step = "step " + view.node().owner;
  if (emit_every_us > 0) return step + " emits running values";
  if (late.stated_accept_us > 0) return step + " corrects its windows for late rows (late.accept)";
  if (late.accept_us == 0) return {};
  return step + " counts late rows that a step before it accepts (late.accept)";
}

void PlanWindowAggregate::add_facts(StateFacts& facts) const {
  facts.add("window", window.window->canonical_text(facts.use(0, window.time_column)));
  for (const size_t column : window.partition) facts.add("partition", facts.use(0, column));
  for (const WindowKey& key : keys) {
    if (key.role == Role::column) facts.add("key", facts.use(0, key.column));
  }
  add_calls(calls, facts);
}

bool PlanWindowAggregate::sends_kept_rows() const { return false; }

// One that grows or merges leaves its old place.
bool PlanWindowAggregate::only_corrects() const { return !window.window->depends_on_rows(); }

// How long a window's result may still be corrected after it was first sent, by time of the rows.
std::optional<int64_t> PlanWindowAggregate::keeping_time_us() const {
  const auto length = window.window->length();
  // What is shown of one that has not ended, and may not for any time.
  if (!length && emit_every_us > 0) return 0;
  return (length ? length->most_us : 0) + day_us + window.lag_us + late.accept_us + margin_us;
}

bool PlanWindowAggregate::merges_partials() const {
  return all_merge(calls) && !window.window->depends_on_rows();
}

bool PlanWindowAggregate::refuses_late_rows() const { return true; }

}  // namespace sluice
