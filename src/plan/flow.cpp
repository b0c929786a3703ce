#include "plan/flow.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "plan/conjuncts.hpp"
#include "sql/relation_text.hpp"

namespace sluice {

namespace {

using Kind = ChangelogMode::Kind;

// An overload per operation, so that a new one cannot go without an answer.
struct StateKind {
  std::string operator()(const PlanSource&) const { return {}; }
  std::string operator()(const PlanChangelogDedup&) const { return "changelog_dedup"; }
  std::string operator()(const PlanFilter&) const { return {}; }
  std::string operator()(const PlanProject&) const { return {}; }
  std::string operator()(const PlanCheck&) const { return {}; }
  std::string operator()(const PlanIntervalJoin&) const { return "interval_join"; }
  std::string operator()(const PlanLookupJoin& join) const {
    return join.keeps_rows ? "lookup_join" : "";
  }
  std::string operator()(const PlanWindowAggregate&) const { return "window_aggregate"; }
  std::string operator()(const PlanGroupAggregate&) const { return "group_aggregate"; }
  std::string operator()(const PlanWindowRows&) const { return {}; }
  std::string operator()(const PlanUnion&) const { return {}; }
  std::string operator()(const PlanSink&) const { return {}; }
};

FlowTerm term_of(const Expression& expression, const std::vector<FlowTerm>& below) {
  FlowTerm term{to_string(expression, texts_of(below)), {}};
  for (const size_t column : columns_of(expression)) {
    term.reads.insert(below[column].reads.begin(), below[column].reads.end());
  }
  return term;
}

// A window's upserts only ever come for a row again; all others may also delete.
bool meets_changes(const LogicalPlan& plan, const PlanNode& node, const Flow& flow) {
  if (node.mode.kind != Kind::upsert) return node.mode.kind == Kind::retract;
  const bool is_of_windows =
      flow.sources.empty() &&
      std::all_of(flow.states.begin(), flow.states.end(), [&plan](PlanNodeId state) {
        return plan.node(state).as<PlanWindowAggregate>() != nullptr;
      });
  return !is_of_windows;
}

void add_filters(const ExpressionPtr& predicate, const std::vector<FlowTerm>& columns,
                 bool meets_changes, Flow& flow) {
  for (const ExpressionPtr& conjunct : split_conjuncts(predicate)) {
    flow.filters.push_back({term_of(*conjunct, columns), meets_changes});
  }
}

std::string sort_text(const Flow& flow) {
  std::string text;
  for (const FlowTerm& column : flow.columns) text += column.text + "\n";
  for (const FlowFilter& filter : flow.filters) text += filter.term.text + "\n";
  return text;
}

class FlowOf {
 public:
  FlowOf(const LogicalPlan& plan, const PlanNode& node, const std::vector<Flow>& below)
      : plan_(plan), node_(node), below_(below) {}

  Flow operator()(const PlanSource& source) const {
    Flow flow;
    flow.sources.insert(node_.id);
    std::vector<FlowTerm> scanned;
    for (size_t i = 0; i < source.scan.columns.size(); ++i) {
      const std::string name = node_.owner + "." + source.scan.columns[i].name;
      scanned.push_back({name, {{node_.id, i}}});
    }
    if (source.scan.predicate) {
      add_filters(source.scan.predicate, scanned, meets_changes(plan_, node_, flow), flow);
    }
    scanned.resize(source.scan.output_columns);
    flow.columns = std::move(scanned);
    return flow;
  }

  Flow operator()(const PlanFilter& filter) const {
    Flow flow = input(0);
    add_filters(filter.predicate, flow.columns, input_meets_changes(), flow);
    return flow;
  }

  Flow operator()(const PlanCheck& check) const {
    Flow flow = input(0);
    for (const PlannedCheck& planned : check.checks) {
      FlowTerm term = term_of(*planned.predicate, flow.columns);
      term.text = "check " + term.text;
      flow.filters.push_back({std::move(term), input_meets_changes()});
    }
    return flow;
  }

  Flow operator()(const PlanProject& project) const {
    Flow flow = input(0);
    std::vector<FlowTerm> columns;
    for (const auto& expression : project.expressions) {
      columns.push_back(term_of(*expression, flow.columns));
    }
    flow.columns = std::move(columns);
    return flow;
  }

  // One without state: over rows that do not change.
  Flow operator()(const PlanLookupJoin& join) const {
    Flow flow = input(0);
    flow.columns = with_looked_up(std::move(flow.columns), join);
    FlowTerm passed{(join.kind == JoinKind::left ? "left lookup " : "lookup ") + join.lookup, {}};
    for (const size_t key : join.keys) {
      passed.text += " " + flow.columns[key].text;
      passed.reads.insert(flow.columns[key].reads.begin(), flow.columns[key].reads.end());
    }
    flow.filters.push_back({std::move(passed), false});
    if (join.residual) add_filters(join.residual, flow.columns, false, flow);
    return flow;
  }

  Flow operator()(const PlanWindowRows& rows) const {
    Flow flow = input(0);
    const FlowTerm time = flow.columns[rows.window.time_column];
    for (size_t i = flow.columns.size(); i < node_.schema->size(); ++i) {
      flow.columns.push_back(
          {(*node_.schema)[i].name + " of " + window_text(rows.window, time.text), time.reads});
    }
    return flow;
  }

  // The order of its inputs means nothing.
  Flow operator()(const PlanUnion&) const {
    std::vector<Flow> inputs;
    for (size_t i = 0; i < node_.inputs.size(); ++i) inputs.push_back(input(i));
    std::sort(inputs.begin(), inputs.end(), [](const Flow& left, const Flow& right) {
      return sort_text(left) < sort_text(right);
    });
    Flow flow;
    flow.columns.resize(node_.schema->size());
    for (const Flow& branch : inputs) add_branch(branch, flow);
    return flow;
  }

  template <class Operation>
  Flow operator()(const Operation&) const {
    SLUICE_ASSERT(false, "a node with state, or with nothing behind it");
  }

 private:
  const Flow& input(size_t port) const { return below_[node_.inputs[port].node.value]; }
  bool input_meets_changes() const {
    return meets_changes(plan_, plan_.node(node_.inputs[0].node), input(0));
  }

  static void add_branch(const Flow& branch, Flow& flow) {
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

  const LogicalPlan& plan_;
  const PlanNode& node_;
  const std::vector<Flow>& below_;
};

Flow flow_of_state(const PlanNode& node) {
  Flow flow;
  flow.states.insert(node.id);
  for (const Field& field : node.schema->fields()) flow.columns.push_back({field.name, {}});
  return flow;
}

}  // namespace

std::vector<FlowTerm> with_looked_up(std::vector<FlowTerm> columns, const PlanLookupJoin& join) {
  for (const Field& field : join.lookup_columns->fields()) {
    columns.push_back({"lookup " + join.lookup + "." + field.name, {}});
  }
  return columns;
}

std::vector<std::string> texts_of(const std::vector<FlowTerm>& terms) {
  std::vector<std::string> texts;
  for (const FlowTerm& term : terms) texts.push_back(term.text);
  return texts;
}

std::string window_text(const PlanWindow& window, const std::string& time) {
  std::string text = std::string(window_name(window.kind)) + "(" + time;
  text += window.calendar_days > 0 ? " " + std::to_string(window.calendar_days) + " calendar days"
                                   : " size " + duration_text(window.size_us);
  text += " slide " + duration_text(window.slide_us);
  if (window.offset_us != 0) text += " offset " + duration_text(window.offset_us);
  text += ")";
  return (window.source == PlanWindow::Source::carried ? "carried " : "") + text;
}

std::string state_kind(const PlanNode& node) { return std::visit(StateKind(), node.operation); }

std::vector<Flow> flows_of(const LogicalPlan& plan) {
  std::vector<Flow> flows;
  for (const PlanNode& node : plan.nodes) {
    if (!state_kind(node).empty()) {
      flows.push_back(flow_of_state(node));
    } else if (node.as<PlanSink>()) {
      flows.emplace_back();  // nothing leaves it
    } else {
      flows.push_back(std::visit(FlowOf(plan, node, flows), node.operation));
    }
  }
  return flows;
}

}  // namespace sluice
