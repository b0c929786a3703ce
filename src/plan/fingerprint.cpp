#include "plan/fingerprint.hpp"

#include <algorithm>
#include <map>

#include "sql/relation_text.hpp"

namespace sluice {

namespace {

using Names = std::vector<std::string>;

std::string list(const std::vector<size_t>& columns, const Names& names) {
  std::string text;
  for (const size_t column : columns) text += (text.empty() ? "" : ", ") + names[column];
  return "[" + text + "]";
}

std::string call_text(const AggregateCall& call, const Names& names) {
  return " " + to_string(call, names) + ":" + type_name(call.result);
}

std::string window_text(const PlanWindow& window, const Names& names) {
  std::string text = std::string(window_name(window.kind)) + "(" + names[window.time_column];
  text += " size " + std::to_string(window.size_us) + " slide " + std::to_string(window.slide_us);
  text += " offset " + std::to_string(window.offset_us);
  text += " days " + std::to_string(window.calendar_days) + ")";
  return (window.source == PlanWindow::Source::carried ? "carried " : "") + text;
}

class Fingerprints {
 public:
  explicit Fingerprints(LogicalPlan& plan) : plan_(plan) {}

  void run() {
    for (PlanNode& node : plan_.nodes) {
      const auto [kind, text] = own_text(node);
      if (kind.empty()) continue;
      const size_t number = ++numbers_[node.owner + "." + kind];
      node.state_id = node.owner + "." + kind;
      if (number > 1) node.state_id += "_" + std::to_string(number);
      node.fingerprint = kind + " " + text;
    }
  }

 private:
  struct Text {
    std::string kind;
    std::string text;
  };

  // How each column of a node is computed, from columns of sources and of nodes with state.
  Names lineage(const PlanNode& node) const {
    const bool passes = node.as<PlanFilter>() || node.as<PlanCheck>();
    if (passes) return lineage(plan_.node(node.inputs[0].node));
    Names names;
    if (const auto* project = node.as<PlanProject>()) {
      const Names below = lineage(plan_.node(node.inputs[0].node));
      for (const auto& expression : project->expressions) {
        names.push_back(to_string(*expression, below));
      }
      return names;
    }
    for (const Field& field : node.schema->fields()) names.push_back(field.name);
    if (const auto* rows = node.as<PlanWindowRows>()) {
      const Names below = lineage(plan_.node(node.inputs[0].node));
      std::copy(below.begin(), below.end(), names.begin());
      for (size_t i = below.size(); i < names.size(); ++i)
        names[i] += " of " + window_text(rows->window, below);
    }
    return names;
  }

  // The columns that state holds: what each is and its type.
  static std::string columns_text(const Names& names, const Schema& schema) {
    std::string text;
    for (size_t i = 0; i < schema.size(); ++i) {
      text += (i == 0 ? "" : ", ") + names[i] + ":" + type_name(schema[i].type);
    }
    return " of (" + text + ")";
  }

  Names input_lineage(const PlanNode& node, size_t port) const {
    return lineage(plan_.node(node.inputs[port].node));
  }
  std::string input_text(const PlanNode& node, size_t port) const {
    const PlanNode& below = plan_.node(node.inputs[port].node);
    return columns_text(lineage(below), *below.schema);
  }

  Text own_text(const PlanNode& node) const {
    if (const auto* dedup = node.as<PlanChangelogDedup>()) {
      const Names names = input_lineage(node, 0);
      std::string text = list(dedup->key, names);
      if (dedup->ops == ChangelogOps::all) text += " all" + input_text(node, 0);
      if (dedup->version_column) text += " version " + names[*dedup->version_column];
      return {"changelog_dedup", text};
    }
    if (const auto* join = node.as<PlanIntervalJoin>()) return join_text(node, *join);
    if (const auto* lookup = node.as<PlanLookupJoin>(); lookup && lookup->keeps_rows) {
      const std::string rows = lookup->state_key_is_unique ? "sent by " : "counted by ";
      return {"lookup_join", rows + list(lookup->state_key, input_lineage(node, 0)) +
                                 input_text(node, 0) + " " + lookup->lookup + " " +
                                 lookup->lookup_columns->to_string()};
    }
    if (const auto* aggregate = node.as<PlanWindowAggregate>()) return window(node, *aggregate);
    if (const auto* aggregate = node.as<PlanGroupAggregate>()) {
      const Names names = input_lineage(node, 0);
      std::string text = list(aggregate->keys, names);
      for (const AggregateCall& call : aggregate->calls) text += call_text(call, names);
      return {"group_aggregate", text + (aggregate->input_retracts ? " over changes" : "")};
    }
    return {};
  }

  Text join_text(const PlanNode& node, const PlanIntervalJoin& join) const {
    const auto side = [&](const PlanJoinSide& from, size_t port) {
      const Names names = input_lineage(node, port);
      return list(from.keys, names) + " " + names[from.time_column] + input_text(node, port);
    };
    std::string text = side(join.left, 0) + " with " + side(join.right, 1);
    text += " from " + std::to_string(join.lower_us) + " to " + std::to_string(join.upper_us);
    return {"interval_join", text + (join.kind == JoinKind::left ? " left" : "")};
  }

  Text window(const PlanNode& node, const PlanWindowAggregate& aggregate) const {
    const Names names = input_lineage(node, 0);
    std::string text = window_text(aggregate.window, names) + " by";
    for (const PlanWindowKey& key : aggregate.keys) {
      if (key.role == PlanWindowKey::Role::column) text += " " + names[key.column];
    }
    for (const AggregateCall& call : aggregate.calls) text += call_text(call, names);
    return {"window_aggregate", text};
  }

  LogicalPlan& plan_;
  std::map<std::string, size_t> numbers_;
};

}  // namespace

void add_fingerprints(LogicalPlan& plan) { Fingerprints(plan).run(); }

}  // namespace sluice
