// to_string(LogicalPlan): what each node does, then what leaves it.
#include "base/assert.hpp"
#include "plan/logical_plan.hpp"
#include "sql/relation_text.hpp"

namespace sluice {

namespace {

using Names = std::vector<std::string>;

std::string list(const std::vector<size_t>& columns, const Names& names) {
  std::string text;
  for (const size_t column : columns) text += (text.empty() ? "" : ", ") + names[column];
  return "[" + text + "]";
}

const char* policy_name(RowPolicy policy) {
  switch (policy) {
    case RowPolicy::dead_letter:
      return "dead_letter";
    case RowPolicy::drop:
      return "drop";
    case RowPolicy::fail:
      return "fail";
  }
  SLUICE_ASSERT(false, "unknown policy");
}

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

std::string late_text(const LatePolicy& late) {
  if (!late.refuses) return " late accepted upstream " + duration_text(late.accept_us);
  return " late accept " + duration_text(late.accept_us) + " then " + policy_name(late.action);
}

std::string calls_text(const std::vector<AggregateCall>& calls, const Names& names) {
  std::string text;
  for (const AggregateCall& call : calls) text += " " + to_string(call, names);
  return text;
}

std::string window_text(const PlanWindow& window, const Names& names) {
  std::string text = std::string(window_name(window.kind)) + " " + names[window.time_column];
  text += " size ";
  text += window.calendar_days > 0 ? std::to_string(window.calendar_days) + " calendar days"
                                   : duration_text(window.size_us);
  return text + " slide " + duration_text(window.slide_us);
}

// What one operation does, in terms of its inputs' columns.
class OperationText {
 public:
  OperationText(const LogicalPlan& plan, const PlanNode& node) : plan_(plan), node_(node) {}

  std::string operator()(const PlanSource& source) const {
    const ScanSpec& scan = source.scan;
    Names names;
    std::string hidden;
    for (size_t i = 0; i < scan.columns.size(); ++i) {
      names.push_back(scan.columns[i].name);
      const bool is_hidden = i >= scan.output_columns && !scan.columns[i].is_carried;
      if (is_hidden) hidden += " " + scan.columns[i].name;
    }
    std::string text = "scan group " + std::to_string(source.scan_group);
    if (source.has_changes) text += scan.ops == ChangelogOps::all ? " changes" : " inserts";
    if (!hidden.empty()) text += " also reads" + hidden;
    if (!scan.whole_row.empty()) text += " carries whole rows";
    if (scan.predicate) text += " where " + to_string(*scan.predicate, names);
    if (scan.time_origin != TimeOrigin::event_column) return text;
    return text + " event time " + names[scan.event_time_column] + " out of order " +
           duration_text(source.out_of_order_us);
  }
  std::string operator()(const PlanChangelogDedup& dedup) const {
    std::string text = "changelog dedup by " + list(dedup.key, names(0));
    if (dedup.ops == ChangelogOps::all) text += " keep last";
    if (dedup.version_column) text += " version " + names(0)[*dedup.version_column];
    return text + ttl(dedup.ttl_us);
  }
  std::string operator()(const PlanFilter& filter) const {
    return "filter " + to_string(*filter.predicate, names(0));
  }
  std::string operator()(const PlanProject& project) const {
    std::string text = "project";
    for (const auto& expression : project.expressions) {
      text += (text == "project" ? " " : ", ") + to_string(*expression, names(0));
    }
    return text;
  }
  std::string operator()(const PlanCheck& check) const {
    std::string text = "check";
    for (const PlannedCheck& planned : check.checks) {
      text += " " + planned.name + ": " + to_string(*planned.predicate, names(0));
    }
    return text;
  }
  std::string operator()(const PlanIntervalJoin& join) const {
    const std::string left = names(0)[join.left.time_column];
    const std::string right = names(1)[join.right.time_column];
    std::string text = join.kind == JoinKind::left ? "left interval join " : "interval join ";
    text += list(join.left.keys, names(0)) + " = " + list(join.right.keys, names(1));
    text += ", right." + right + " - left." + left + " in [" + duration_text(join.lower_us) + ", " +
            duration_text(join.upper_us) + "]";
    if (join.residual) text += " and " + to_string(*join.residual, column_names(*node_.schema));
    return text + " lags " + duration_text(join.left.lag_us) + " " +
           duration_text(join.right.lag_us) + late_text(join.left.late);
  }
  std::string operator()(const PlanLookupJoin& join) const {
    std::string text = join.kind == JoinKind::left ? "left lookup " : "lookup ";
    text += join.lookup + " by " + list(join.keys, names(0)) + " for (" +
            join.lookup_columns->to_string() + ")";
    if (join.residual) text += " and " + to_string(*join.residual, column_names(*node_.schema));
    if (join.keeps_rows) {
      text += join.state_key_is_unique ? " keeps rows by " : " counts rows by ";
      text += list(join.state_key, names(0));
    }
    return text;
  }
  std::string operator()(const PlanWindowAggregate& aggregate) const {
    const PlanWindow& window = aggregate.window;
    std::string text = window.source == PlanWindow::Source::carried ? "carried " : "";
    text += window_text(window, names(0)) + " lag " + duration_text(window.lag_us) + " by";
    for (const PlanWindowKey& key : aggregate.keys) {
      constexpr const char* roles[] = {"", "@window_start", "@window_end", "@window_time"};
      const bool is_plain = key.role == PlanWindowKey::Role::column;
      text += " " + (is_plain ? names(0)[key.column] : roles[static_cast<size_t>(key.role)]);
    }
    text += ":" + calls_text(aggregate.calls, names(0));
    if (aggregate.emit_every_us > 0) text += " every " + duration_text(aggregate.emit_every_us);
    if (aggregate.local_preaggregation) text += " local first";
    return text + late_text(aggregate.late);
  }
  std::string operator()(const PlanGroupAggregate& aggregate) const {
    std::string text = "group by " + list(aggregate.keys, names(0)) + ":";
    text += calls_text(aggregate.calls, names(0));
    if (aggregate.input_retracts) text += " over changes";
    if (aggregate.emit_every_us > 0) text += " every " + duration_text(aggregate.emit_every_us);
    if (aggregate.local_preaggregation) text += " local first";
    return text + ttl(aggregate.ttl_us);
  }
  std::string operator()(const PlanWindowRows& rows) const {
    return "rows of " + window_text(rows.window, names(0));
  }
  std::string operator()(const PlanUnion&) const { return "union all"; }
  std::string operator()(const PlanSink& sink) const {
    const std::string text = std::string("sink ") + mode_name(sink.mode);
    return sink.key.empty() ? text : text + " by " + list(sink.key, names(0));
  }

 private:
  Names names(size_t port) const {
    return column_names(*plan_.node(node_.inputs[port].node).schema);
  }
  static std::string ttl(int64_t ttl_us) {
    return ttl_us == 0 ? "" : " ttl " + duration_text(ttl_us);
  }

  const LogicalPlan& plan_;
  const PlanNode& node_;
};

std::string inputs_text(const LogicalPlan& plan, const PlanNode& node) {
  std::string text;
  for (const PlanInput& input : node.inputs) {
    text += (text.empty() ? " <- " : ", ") + std::to_string(input.node.value);
    if (input.exchange.kind != Exchange::Kind::hash) continue;
    text += " hash" + list(input.exchange.keys, column_names(*plan.node(input.node).schema));
  }
  return text;
}

std::string mode_text(const ChangelogMode& mode, const Names& names) {
  constexpr const char* kinds[] = {"append", "upsert", "retract"};
  const std::string kind = kinds[static_cast<size_t>(mode.kind)];
  return mode.kind == ChangelogMode::Kind::upsert ? kind + " by " + list(mode.key, names) : kind;
}

std::string output_text(const PlanNode& node) {
  const Names names = column_names(*node.schema);
  std::string text = mode_text(node.mode, names);
  for (const TimeColumn& time : node.time_columns) {
    text += ", time " + names[time.column] + " - " + duration_text(time.lag_us);
  }
  if (node.unique_key) text += ", unique " + list(*node.unique_key, names);
  if (node.distributed_by) text += ", in tasks by " + list(*node.distributed_by, names);
  return text + " (" + node.schema->to_string() + ")";
}

}  // namespace

std::string to_string(const LogicalPlan& plan) {
  std::string text;
  for (const PlanNode& node : plan.nodes) {
    text += std::to_string(node.id.value) + " " + node.owner + ": " +
            std::visit(OperationText(plan, node), node.operation) + inputs_text(plan, node) + "\n";
    if (!node.as<PlanSink>()) text += "    -> " + output_text(node) + "\n";
  }
  return text;
}

}  // namespace sluice
