#include "operators/group_aggregate.hpp"

#include "compile/operator_factories.hpp"
#include "operators/local_aggregate.hpp"
#include "plan/operations/group_aggregate.hpp"

namespace sluice {

namespace {

GroupAggregateSettings settings_of(const PlanGroupAggregate& aggregate, const NodeToCompile& from) {
  GroupAggregateSettings settings;
  settings.policy = from.policy();
  settings.input = from.input_schema();
  settings.output = from.node.schema;
  settings.keys = aggregate.keys;
  settings.calls = aggregate.calls;
  settings.input_retracts = aggregate.input_retracts;
  settings.emit_every_us = aggregate.emit_every_us;
  settings.ttl_us = aggregate.ttl_us;
  settings.takes_partials = from.preaggregates();
  return settings;
}

Result<OperatorDescriptionPtr> make(const PlanGroupAggregate& aggregate,
                                    const NodeToCompile& from) {
  return make_group_aggregate(settings_of(aggregate, from));
}

OperatorDescriptionPtr make_local(const PlanGroupAggregate& aggregate, const NodeToCompile& from) {
  return make_local_aggregate(settings_of(aggregate, from));
}

}  // namespace

void register_group_aggregate(OperatorFactories& factories) {
  factories.add<PlanGroupAggregate>(make);
  factories.add_local<PlanGroupAggregate>(make_local);
}

}  // namespace sluice
