#include "operators/window_aggregate.hpp"

#include "base/assert.hpp"
#include "compile/operations/late_handling.hpp"
#include "compile/operator_factories.hpp"
#include "operators/local_aggregate.hpp"
#include "plan/operations/window_aggregate.hpp"

namespace sluice {

namespace {

WindowKeyColumn::Role role(PlanWindowKey::Role from) {
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

WindowAggregateSettings settings_of(const PlanWindowAggregate& aggregate,
                                    const NodeToCompile& from) {
  WindowAggregateSettings settings;
  settings.policy = from.policy();
  settings.input = from.input_schema();
  settings.output = from.node.schema;
  settings.window = aggregate.window.window;
  settings.time_column = aggregate.window.time_column;
  settings.partition = aggregate.window.partition;
  settings.lag_us = aggregate.window.lag_us;
  for (const PlanWindowKey& key : aggregate.keys) {
    settings.keys.push_back({role(key.role), key.column});
  }
  settings.calls = aggregate.calls;
  settings.emit_every_us = aggregate.emit_every_us;
  settings.late = late_handling(aggregate.late);
  settings.takes_partials = from.preaggregates();
  return settings;
}

Result<OperatorDescriptionPtr> make(const PlanWindowAggregate& aggregate,
                                    const NodeToCompile& from) {
  return make_window_aggregate(settings_of(aggregate, from));
}

OperatorDescriptionPtr make_local(const PlanWindowAggregate& aggregate, const NodeToCompile& from) {
  return make_local_aggregate(settings_of(aggregate, from));
}

}  // namespace

void register_window_aggregate(OperatorFactories& factories) {
  factories.add<PlanWindowAggregate>(make);
  factories.add_local<PlanWindowAggregate>(make_local);
}

}  // namespace sluice
