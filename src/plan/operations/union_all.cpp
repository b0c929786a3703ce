#include "plan/operations/union_all.hpp"

#include <algorithm>

#include "plan/inference/hand_on.hpp"
#include "plan/narrowing.hpp"

namespace sluice {

namespace {

using Kind = ChangelogMode::Kind;

// Those that are time columns of both, as far behind as the later one.
std::vector<TimeColumn> common_times(const std::vector<TimeColumn>& times, const PlanNode& input) {
  std::vector<TimeColumn> common;
  for (const TimeColumn& time : times) {
    const auto lag = lag_of(input, time.column);
    if (lag) common.push_back({time.column, std::max(time.lag_us, *lag)});
  }
  return common;
}

std::string sort_text(const Flow& flow) {
  std::string text;
  for (const FlowTerm& column : flow.columns) text += column.text + "\n";
  for (const FlowFilter& filter : flow.filters) text += filter.term.text + "\n";
  return text;
}

void add_branch(const Flow& branch, Flow& flow) {
  std::string place = "of (";
  for (size_t i = 0; i < flow.columns.size(); ++i) {
    FlowTerm& column = flow.columns[i];
    const FlowTerm& own = branch.columns[i];
    column.text += (column.text.empty() ? "" : " | ") + own.text;
    column.reads.insert(own.reads.begin(), own.reads.end());
    place += (i == 0 ? "" : ", ") + own.text;
  }
  for (FlowFilter filter : branch.filters) {
    filter.term.text += " " + place + ")";
    flow.filters.push_back(std::move(filter));
  }
  flow.sources.insert(branch.sources.begin(), branch.sources.end());
  flow.states.insert(branch.states.begin(), branch.states.end());
}

}  // namespace

std::string PlanUnion::text(const NodeView&) const { return "union all"; }

std::vector<ColumnSet> PlanUnion::reads(const NodeView& view, const ColumnSet& wanted) const {
  return std::vector<ColumnSet>(view.inputs(), wanted);
}

ColumnMapping PlanUnion::narrow(Narrowing& narrowing) {
  for (size_t port = 0; port < narrowing.inputs(); ++port) narrowing.exactly(port);
  return keep_only(narrowing.columns(), narrowing.wanted());
}

TimeProperties PlanUnion::infer_time(const NodeView& view) {
  TimeProperties time{view.input().late_rows, view.input().time_columns, {}};
  for (size_t port = 1; port < view.inputs(); ++port) {
    time.late_rows = later_of(time.late_rows, view.input(port).late_rows);
    time.time_columns = common_times(time.time_columns, view.input(port));
  }
  return time;
}

ChangeProperties PlanUnion::infer_changes(const NodeView& view) {
  bool append = true;
  for (size_t port = 0; port < view.inputs(); ++port) {
    append = append && view.input(port).mode.kind == Kind::append;
  }
  return {{append ? Kind::append : Kind::retract, {}}, {}};
}

Placement PlanUnion::infer_placement(const NodeView& view) const {
  Placement placement = stay_in_place(view);
  for (size_t port = 1; port < view.inputs(); ++port) {
    if (view.input(port).distributed_by != placement.distributed_by) {
      placement.distributed_by.reset();
    }
  }
  return placement;
}

bool PlanUnion::reads_clock() const { return false; }

std::string PlanUnion::reason_of_changes(const NodeView&) const { return {}; }

// The order of its inputs means nothing.
Flow PlanUnion::flow(const FlowView& below) const {
  std::vector<Flow> inputs;
  for (size_t port = 0; port < below.inputs(); ++port) inputs.push_back(below.input(port));
  std::sort(inputs.begin(), inputs.end(),
            [](const Flow& left, const Flow& right) { return sort_text(left) < sort_text(right); });
  Flow flow;
  flow.columns.resize(below.node().schema->size());
  for (const Flow& branch : inputs) add_branch(branch, flow);
  return flow;
}

std::vector<MovedPredicate> PlanUnion::move_below(const NodeView& view,
                                                  const ExpressionPtr& conjunct) const {
  std::vector<MovedPredicate> moved;
  for (size_t port = 0; port < view.inputs(); ++port) moved.push_back({port, conjunct});
  return moved;
}

}  // namespace sluice
