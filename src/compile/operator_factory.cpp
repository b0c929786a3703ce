#include "compile/operator_factory.hpp"

#include "base/assert.hpp"
#include "operators/changelog_dedup.hpp"
#include "operators/check.hpp"
#include "operators/filter.hpp"
#include "operators/group_aggregate.hpp"
#include "operators/interval_join.hpp"
#include "operators/local_aggregate.hpp"
#include "operators/project.hpp"
#include "operators/union_all.hpp"
#include "operators/window_aggregate.hpp"
#include "operators/window_rows.hpp"

namespace sluice {

namespace {

using DescriptionPtr = std::shared_ptr<const OperatorDescription>;

// Makes the description of one node; one overload per operation of the plan.
class OperatorFactory {
 public:
  OperatorFactory(const LogicalPlan& plan, const PlanNode& node, const CompileRequest& request)
      : plan_(plan), node_(node), request_(request) {}

  Result<DescriptionPtr> operator()(const PlanFilter& filter) const {
    return make_filter(node_.schema, filter.predicate, policy());
  }

  Result<DescriptionPtr> operator()(const PlanProject& project) const {
    const bool sends_upserts = node_.mode.kind == ChangelogMode::Kind::upsert;
    return make_project({node_.schema, project.expressions, policy(), sends_upserts});
  }

  Result<DescriptionPtr> operator()(const PlanCheck& check) const {
    std::vector<CheckRule> rules;
    for (const PlannedCheck& planned : check.checks) {
      rules.push_back({planned.name, planned.predicate, planned.on_fail});
    }
    return make_check(node_.schema, std::move(rules), policy());
  }

  Result<DescriptionPtr> operator()(const PlanChangelogDedup& dedup) const {
    return make_changelog_dedup(
        {node_.owner, node_.schema, dedup.key, dedup.version_column, dedup.ops, dedup.ttl_us});
  }

  Result<DescriptionPtr> operator()(const PlanIntervalJoin& join) const {
    IntervalJoinSettings settings;
    settings.policy = policy();
    settings.left = side(0, join.left);
    settings.right = side(1, join.right);
    settings.output = node_.schema;
    settings.left_outer = join.kind == JoinKind::left;
    settings.lower_us = join.lower_us;
    settings.upper_us = join.upper_us;
    settings.residual = join.residual;
    return make_interval_join(std::move(settings));
  }

  Result<DescriptionPtr> operator()(const PlanLookupJoin& join) const {
    const CompileLookup& lookup = request_.lookups.at(join.lookup);
    LookupJoinSettings settings;
    settings.policy = policy();
    settings.input = input_schema(0);
    settings.output = node_.schema;
    settings.keys = join.keys;
    settings.left_outer = join.kind == JoinKind::left;
    settings.residual = join.residual;
    settings.cache = lookup.cache;
    settings.keeps_rows = join.keeps_rows;
    settings.state_key = join.state_key;
    settings.state_key_is_unique = join.state_key_is_unique;
    settings.ttl_us = join.ttl_us;
    for (size_t i = 0; i < join.lookup_columns->size(); ++i) settings.columns.push_back(i);
    const LookupRequest request{join.lookup, &lookup.connection, &lookup.options, lookup.keys,
                                join.lookup_columns};
    SLUICE_ASSIGN(settings.lookup, lookup.connector->make_lookup(request));
    return make_lookup_join(std::move(settings));
  }

  Result<DescriptionPtr> operator()(const PlanWindowAggregate& aggregate) const {
    return make_window_aggregate(settings_of(aggregate));
  }

  Result<DescriptionPtr> operator()(const PlanGroupAggregate& aggregate) const {
    return make_group_aggregate(settings_of(aggregate));
  }

  Result<DescriptionPtr> operator()(const PlanWindowRows& rows) const {
    return make_window_rows({policy(), node_.schema, window(rows.window), rows.window.time_column});
  }

  Result<DescriptionPtr> operator()(const PlanUnion&) const { return make_union_all(node_.schema); }

  DescriptionPtr local() const {
    if (const auto* window = node_.as<PlanWindowAggregate>())
      return make_local_aggregate(settings_of(*window));
    const auto* group = node_.as<PlanGroupAggregate>();
    SLUICE_ASSERT(group != nullptr, "only aggregates have a local half");
    return make_local_aggregate(settings_of(*group));
  }

  Result<DescriptionPtr> operator()(const PlanSource&) const { return not_an_operator(); }
  Result<DescriptionPtr> operator()(const PlanSink&) const { return not_an_operator(); }

 private:
  WindowAggregateSettings settings_of(const PlanWindowAggregate& aggregate) const {
    WindowAggregateSettings settings;
    settings.policy = policy();
    settings.input = input_schema(0);
    settings.output = node_.schema;
    settings.window = window(aggregate.window);
    settings.time_column = aggregate.window.time_column;
    settings.lag_us = aggregate.window.lag_us;
    for (const PlanWindowKey& key : aggregate.keys)
      settings.keys.push_back({role(key.role), key.column});
    settings.calls = calls(aggregate.calls);
    settings.emit_every_us = aggregate.emit_every_us;
    settings.late = late(aggregate.late);
    settings.takes_partials = preaggregates(node_, request_);
    return settings;
  }

  GroupAggregateSettings settings_of(const PlanGroupAggregate& aggregate) const {
    GroupAggregateSettings settings;
    settings.policy = policy();
    settings.input = input_schema(0);
    settings.output = node_.schema;
    settings.keys = aggregate.keys;
    settings.calls = calls(aggregate.calls);
    settings.input_retracts = aggregate.input_retracts;
    settings.emit_every_us = aggregate.emit_every_us;
    settings.ttl_us = aggregate.ttl_us;
    settings.takes_partials = preaggregates(node_, request_);
    return settings;
  }

  StepPolicy policy() const { return {node_.owner, node_.on_error}; }
  SchemaPtr input_schema(size_t port) const { return plan_.node(node_.inputs[port].node).schema; }

  static Result<DescriptionPtr> not_an_operator() {
    SLUICE_ASSERT(false, "sources and sinks are not operators");
  }

  static LateHandling late(const LatePolicy& policy) {
    return {policy.refuses, policy.accept_us, policy.action};
  }

  IntervalJoinSide side(size_t port, const PlanJoinSide& from) const {
    return {input_schema(port), from.keys, from.time_column, from.lag_us, late(from.late)};
  }

  static std::vector<AggregateColumn> calls(const std::vector<AggregateCall>& from) {
    std::vector<AggregateColumn> result;
    for (const AggregateCall& call : from) {
      result.push_back({call.kind, call.argument, call.filter, call.distinct, call.result});
    }
    return result;
  }

  static WindowKeyColumn::Role role(PlanWindowKey::Role from) {
    switch (from) {
      case PlanWindowKey::Role::column:
        return WindowKeyColumn::Role::column;
      case PlanWindowKey::Role::window_start:
        return WindowKeyColumn::Role::window_start;
      case PlanWindowKey::Role::window_end:
        return WindowKeyColumn::Role::window_end;
      case PlanWindowKey::Role::window_time:
        return WindowKeyColumn::Role::window_time;
    }
    SLUICE_ASSERT(false, "unknown role of a window key");
  }

  // A kind that comes to the plan must get its operator here.
  static WindowSettings::Kind assigned(WindowKind from) {
    switch (from) {
      case WindowKind::tumble:
        return WindowSettings::Kind::tumble;
      case WindowKind::hop:
        return WindowSettings::Kind::hop;
      case WindowKind::cumulate:
        return WindowSettings::Kind::cumulate;
    }
    SLUICE_ASSERT(false, "unknown kind of window");
  }

  WindowSettings window(const PlanWindow& from) const {
    using Kind = WindowSettings::Kind;
    WindowSettings settings;
    if (from.source == PlanWindow::Source::carried) {
      settings.kind = from.time_is_window_start ? Kind::carried_start : Kind::carried_end;
    } else {
      settings.kind = assigned(from.kind);
    }
    settings.size_us = from.size_us;
    settings.slide_us = from.slide_us;
    settings.offset_us = from.offset_us;
    settings.calendar_days = from.calendar_days;
    settings.time_type = (*input_schema(0))[from.time_column].type.kind;
    return settings;
  }

  const LogicalPlan& plan_;
  const PlanNode& node_;
  const CompileRequest& request_;
};

}  // namespace

bool preaggregates(const PlanNode& node, const CompileRequest& request) {
  if (request.parallelism == 1) return false;
  const auto* window = node.as<PlanWindowAggregate>();
  const auto* group = node.as<PlanGroupAggregate>();
  return (window != nullptr && window->local_preaggregation) ||
         (group != nullptr && group->local_preaggregation);
}

std::shared_ptr<const OperatorDescription> make_local_operator(const LogicalPlan& plan,
                                                               const PlanNode& node,
                                                               const CompileRequest& request) {
  return OperatorFactory(plan, node, request).local();
}

Result<DescriptionPtr> make_operator(const LogicalPlan& plan, const PlanNode& node,
                                     const CompileRequest& request) {
  return std::visit(OperatorFactory(plan, node, request), node.operation);
}

}  // namespace sluice
