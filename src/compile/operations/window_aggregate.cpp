#include "operators/window_aggregate.hpp"

#include "compile/operations/late_handling.hpp"
#include "compile/operator_factories.hpp"
#include "operators/local_aggregate.hpp"
#include "plan/operations/window_aggregate.hpp"

namespace sluice {

namespace {

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
  settings.keys = aggregate.keys;
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
