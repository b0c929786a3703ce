#include "operators/interval_join.hpp"

#include "compile/operations/late_handling.hpp"
#include "compile/operator_factories.hpp"
#include "plan/operations/interval_join.hpp"

namespace sluice {

namespace {

IntervalJoinSide side(const SchemaPtr& schema, const PlanJoinSide& from) {
  return {schema, from.keys, from.time_column, from.lag_us, late_handling(from.late)};
}

Result<OperatorDescriptionPtr> make(const PlanIntervalJoin& join, const NodeToCompile& from) {
  IntervalJoinSettings settings;
  settings.policy = from.policy();
  settings.left = side(from.input_schema(0), join.left);
  settings.right = side(from.input_schema(1), join.right);
  settings.output = from.node.schema;
  settings.left_outer = join.kind == JoinKind::left;
  settings.lower_us = join.lower_us;
  settings.upper_us = join.upper_us;
  settings.residual = join.residual;
  return make_interval_join(std::move(settings));
}

}  // namespace

void register_interval_join(OperatorFactories& factories) { factories.add<PlanIntervalJoin>(make); }

}  // namespace sluice
