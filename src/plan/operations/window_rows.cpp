#include "plan/operations/window_rows.hpp"

#include "plan/inference/hand_on.hpp"
#include "plan/narrowing.hpp"

namespace sluice {

std::string PlanWindowRows::text(const NodeView& view) const {
  return "rows of " + short_text(window, view.names());
}

std::vector<ColumnSet> PlanWindowRows::reads(const NodeView& view, const ColumnSet& wanted) const {
  ColumnSet reads(wanted.begin(), wanted.lower_bound(view.input_columns()));
  reads.insert(window.time_column);
  return {reads};
}

ColumnMapping PlanWindowRows::narrow(Narrowing& narrowing) {
  window.time_column = narrowing.input()[window.time_column];
  return joined(narrowing.input(), narrowing.input_columns(), {0, 1, 2});
}

// A row is in windows that start up to their size before its time, and end after it.
TimeProperties PlanWindowRows::infer_time(const NodeView& view) {
  const PlanNode& input = view.input();
  TimeProperties time{input.late_rows, input.time_columns, WindowedResult{}};
  const int64_t lag = lag_of(input, window.time_column).value_or(0);
  const size_t start = view.input_columns();
  time.time_columns.push_back({start, lag + window.window->length()->most_us});
  time.time_columns.push_back({start + 1, lag});
  time.time_columns.push_back({start + 2, lag});
  time.window->window = window.window;
  time.window->start = start;
  time.window->end = start + 1;
  time.window->time = start + 2;
  return time;
}

// Of one row, several may leave.
ChangeProperties PlanWindowRows::infer_changes(const NodeView& view) {
  ChangeProperties changes = hand_on_changes(view);
  if (changes.unique_key && window.window->may_overlap())
    changes.unique_key->push_back(view.input_columns() + 1);
  return changes;
}

Placement PlanWindowRows::infer_placement(const NodeView& view) const {
  return stay_in_place(view);
}

bool PlanWindowRows::reads_clock() const { return false; }

std::string PlanWindowRows::reason_of_changes(const NodeView&) const { return {}; }

Flow PlanWindowRows::flow(const FlowView& below) const {
  Flow flow = below.input();
  const FlowTerm time = flow.columns[window.time_column];
  const Schema& schema = *below.node().schema;
  for (size_t i = flow.columns.size(); i < schema.size(); ++i) {
    flow.columns.push_back(
        {schema[i].name + " of " + window.window->canonical_text(time.text), time.reads});
  }
  return flow;
}

}  // namespace sluice
