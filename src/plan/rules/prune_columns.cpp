#include <set>

#include "plan/infer.hpp"
#include "plan/rules/node_narrowing.hpp"
#include "plan/rules/rules.hpp"

namespace sluice {

namespace {

using Needed = std::set<size_t>;

void add_columns(const ExpressionPtr& expression, Needed& needed) {
  if (!expression) return;
  for (const size_t column : columns_of(*expression)) needed.insert(column);
}

void add_calls(const std::vector<AggregateCall>& calls, size_t keys, const Needed& wanted,
               Needed& needed) {
  for (size_t i = 0; i < calls.size(); ++i) {
    if (!wanted.contains(keys + i)) continue;
    if (calls[i].argument) needed.insert(*calls[i].argument);
    if (calls[i].filter) needed.insert(*calls[i].filter);
  }
}

// Which columns of its inputs a node reads, when its readers want some of its own.
class NeededColumns {
 public:
  NeededColumns(const PlanDraft& draft, const PlanNode& node, const Needed& wanted)
      : draft_(draft), node_(node), wanted_(wanted), needed_(node.inputs.size()) {}

  std::vector<Needed> run() {
    std::visit(*this, node_.operation);
    // A batch without columns would not say how many rows it has.
    for (Needed& columns : needed_) {
      if (columns.empty()) columns.insert(0);
    }
    return std::move(needed_);
  }

  void operator()(const PlanSource&) {}
  void operator()(const PlanChangelogDedup& dedup) {
    needed_[0] = wanted_;
    needed_[0].insert(dedup.key.begin(), dedup.key.end());
    if (dedup.version_column) needed_[0].insert(*dedup.version_column);
  }
  void operator()(const PlanFilter& filter) {
    needed_[0] = wanted_;
    add_columns(filter.predicate, needed_[0]);
  }
  void operator()(const PlanProject& project) {
    for (size_t i = 0; i < project.expressions.size(); ++i) {
      if (wanted_.contains(i)) add_columns(project.expressions[i], needed_[0]);
    }
  }
  void operator()(const PlanCheck& check) {
    needed_[0] = wanted_;
    for (const PlannedCheck& planned : check.checks) add_columns(planned.predicate, needed_[0]);
  }
  void operator()(const PlanIntervalJoin& join) {
    const size_t left = draft_.node(node_.inputs[0].node).schema->size();
    Needed both = wanted_;
    add_columns(join.residual, both);
    for (const size_t column : both) {
      const bool of_left = column < left;
      needed_[of_left ? 0 : 1].insert(of_left ? column : column - left);
    }
    add_side(join.left, needed_[0]);
    add_side(join.right, needed_[1]);
  }
  void operator()(const PlanLookupJoin& join) {
    const size_t input = draft_.node(node_.inputs[0].node).schema->size();
    Needed both = wanted_;
    add_columns(join.residual, both);
    for (const size_t column : both) {
      if (column < input) needed_[0].insert(column);
    }
    needed_[0].insert(join.keys.begin(), join.keys.end());
    const auto& unique = draft_.node(node_.inputs[0].node).unique_key;
    if (join.keeps_rows && unique) needed_[0].insert(unique->begin(), unique->end());
  }
  void operator()(const PlanWindowAggregate& aggregate) {
    for (const PlanWindowKey& key : aggregate.keys) {
      if (key.role == PlanWindowKey::Role::column) needed_[0].insert(key.column);
    }
    needed_[0].insert(aggregate.window.time_column);
    add_calls(aggregate.calls, aggregate.keys.size(), wanted_, needed_[0]);
  }
  void operator()(const PlanGroupAggregate& aggregate) {
    needed_[0].insert(aggregate.keys.begin(), aggregate.keys.end());
    add_calls(aggregate.calls, aggregate.keys.size(), wanted_, needed_[0]);
  }
  void operator()(const PlanWindowRows& rows) {
    const size_t input = draft_.node(node_.inputs[0].node).schema->size();
    for (const size_t column : wanted_) {
      if (column < input) needed_[0].insert(column);
    }
    needed_[0].insert(rows.window.time_column);
  }
  void operator()(const PlanUnion&) {
    for (Needed& columns : needed_) columns = wanted_;
  }
  void operator()(const PlanSink&) {
    for (size_t i = 0; i < node_.schema->size(); ++i) needed_[0].insert(i);
  }

 private:
  static void add_side(const PlanJoinSide& side, Needed& needed) {
    needed.insert(side.keys.begin(), side.keys.end());
    needed.insert(side.time_column);
  }

  const PlanDraft& draft_;
  const PlanNode& node_;
  const Needed& wanted_;
  std::vector<Needed> needed_;
};

}  // namespace

void prune_columns(PlanDraft& draft) {
  const size_t nodes = draft.size();
  std::vector<Needed> wanted(nodes);
  std::vector<std::vector<Needed>> needed(nodes);
  for (size_t i = nodes; i-- > 0;) {
    const PlanNode& node = draft.node(PlanNodeId(static_cast<uint32_t>(i)));
    if (const auto* source = node.as<PlanSource>()) {
      // Its readers may turn out to need its upserts completed.
      wanted[i].insert(source->change_key.begin(), source->change_key.end());
    }
    if (const auto* project = node.as<PlanProject>(); project && reads_clock(*project))
      wanted[i].insert(node.mode.key.begin(), node.mode.key.end());
    needed[i] = NeededColumns(draft, node, wanted[i]).run();
    for (size_t port = 0; port < needed[i].size(); ++port) {
      wanted[node.inputs[port].node.value].insert(needed[i][port].begin(), needed[i][port].end());
    }
  }
  NodeNarrowing narrowing(draft);
  for (size_t i = 0; i < nodes; ++i) {
    narrowing.narrow(PlanNodeId(static_cast<uint32_t>(i)), wanted[i], needed[i]);
  }
}

}  // namespace sluice
