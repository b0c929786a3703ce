// Changelog modes and unique keys.
#include <algorithm>
#include <numeric>

#include "plan/infer.hpp"

namespace sluice {

namespace {

using Kind = ChangelogMode::Kind;
using Columns = std::vector<size_t>;

Columns first_columns(size_t count) {
  Columns columns(count);
  std::iota(columns.begin(), columns.end(), size_t{0});
  return columns;
}

bool contains_all(const Columns& all, const Columns& some) {
  return std::all_of(some.begin(), some.end(), [&](size_t column) {
    return std::find(all.begin(), all.end(), column) != all.end();
  });
}

// The group's key, less the columns of a window that another one tells: the end and the last time
// before it tell all; of windows of one size the start does, too, and is taken first.
Columns unique_key_of(const PlanWindowAggregate& aggregate) {
  using Role = PlanWindowKey::Role;
  const auto& keys = aggregate.keys;
  const bool grows = aggregate.window.kind == WindowKind::cumulate;
  std::optional<Role> telling;
  for (const Role role : {Role::window_start, Role::window_end, Role::window_time}) {
    if (telling || (grows && role == Role::window_start)) continue;
    const bool is_known = std::any_of(keys.begin(), keys.end(),
                                      [&](const PlanWindowKey& key) { return key.role == role; });
    if (is_known) telling = role;
  }
  Columns columns;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!telling || keys[i].role == Role::column || keys[i].role == telling) columns.push_back(i);
  }
  return columns;
}

class ChangeInference {
 public:
  ChangeInference(const LogicalPlan& plan, PlanNode& node) : plan_(plan), node_(node) {}

  void operator()(PlanSource& source) {
    const bool updates = source.has_changes && source.scan.ops == ChangelogOps::all;
    if (!updates) return;
    node_.mode = {Kind::upsert, source.change_key};
    node_.unique_key = source.change_key;
  }
  void operator()(PlanChangelogDedup& dedup) {
    node_.mode.kind = dedup.ops == ChangelogOps::all ? Kind::retract : Kind::append;
    node_.unique_key = dedup.key;
  }
  void operator()(PlanFilter& filter) {
    pass_on();
    // Whether the row that is replaced had passed must be known, unless the key alone decides.
    if (!contains_all(node_.mode.key, columns_of(*filter.predicate))) need_retractions();
  }
  void operator()(PlanCheck&) {
    pass_on();
    need_retractions();
  }
  void operator()(PlanProject& project) {
    const PlanNode& below = input(0);
    node_.mode.kind = below.mode.kind;
    if (below.unique_key) node_.unique_key = columns_after(project, *below.unique_key);
    // What the clock gave is not computed again: rows replace the one of their key instead.
    const bool replaces = node_.unique_key && reads_clock(project);
    if (node_.mode.kind == Kind::retract && replaces) node_.mode.kind = Kind::upsert;
    if (node_.mode.kind == Kind::upsert) take_upsert_key();
  }
  void operator()(PlanIntervalJoin& join) {
    const auto& left = input(0).unique_key;
    const auto& right = input(1).unique_key;
    const size_t shift = input(0).schema->size();
    // Each left row meets at most one right row when the join's keys are unique on the right.
    if (left && right && contains_all(join.right.keys, *right)) {
      node_.unique_key = left;
    } else if (left && right && contains_all(join.left.keys, *left)) {
      node_.unique_key = shifted(*right, shift);
    } else if (left && right) {
      node_.unique_key = left;
      for (const size_t column : shifted(*right, shift)) node_.unique_key->push_back(column);
    }
  }
  void operator()(PlanLookupJoin& join) {
    pass_on();
    join.keeps_rows = node_.mode.kind != Kind::append;
    join.state_key.clear();
    if (!join.keeps_rows) return;
    node_.mode = {Kind::retract, {}};
    join.state_key_is_unique = node_.unique_key.has_value();
    join.state_key = node_.unique_key.value_or(first_columns(input(0).schema->size()));
  }
  void operator()(PlanWindowAggregate& aggregate) {
    const bool updates = aggregate.emit_every_us > 0 || aggregate.late.accept_us > 0;
    node_.unique_key = unique_key_of(aggregate);
    node_.mode.kind = updates ? Kind::upsert : Kind::append;
    if (updates) node_.mode.key = *node_.unique_key;
  }
  void operator()(PlanGroupAggregate& aggregate) {
    aggregate.input_retracts = input(0).mode.kind != Kind::append;
    node_.mode.kind = Kind::retract;
    node_.unique_key = first_columns(aggregate.keys.size());
  }
  // Of one row, several may leave.
  void operator()(PlanWindowRows& rows) {
    pass_on();
    if (node_.unique_key && rows.window.kind != WindowKind::tumble)
      node_.unique_key->push_back(input(0).schema->size() + 1);
  }
  void operator()(PlanUnion&) {
    const bool append = std::all_of(
        node_.inputs.begin(), node_.inputs.end(),
        [&](const PlanInput& input) { return plan_.node(input.node).mode.kind == Kind::append; });
    node_.mode.kind = append ? Kind::append : Kind::retract;
  }
  template <class Operation>
  void operator()(Operation&) {
    pass_on();
  }

 private:
  const PlanNode& input(size_t index) const { return plan_.node(node_.inputs[index].node); }

  void pass_on() {
    node_.mode = input(0).mode;
    node_.unique_key = input(0).unique_key;
  }
  // A node that cannot work on upserts gets them completed: see complete_upserts.
  void need_retractions() {
    if (node_.mode.kind == Kind::upsert) node_.mode = {Kind::retract, {}};
  }
  // Readers that lose the key get a retract stream instead.
  void take_upsert_key() {
    if (node_.unique_key) {
      node_.mode.key = *node_.unique_key;
    } else {
      need_retractions();
    }
  }
  static Columns shifted(Columns columns, size_t shift) {
    for (size_t& column : columns) column += shift;
    return columns;
  }

  const LogicalPlan& plan_;
  PlanNode& node_;
};

}  // namespace

void infer_changes(const LogicalPlan& plan, PlanNode& node) {
  node.mode = {};
  node.unique_key.reset();
  std::visit(ChangeInference(plan, node), node.operation);
}

}  // namespace sluice
