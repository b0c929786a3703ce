#include "operators/regular_join.hpp"

#include "compile/operator_factories.hpp"
#include "plan/operations/regular_join.hpp"

namespace sluice {

namespace {

Result<OperatorDescriptionPtr> make(const PlanRegularJoin& join, const NodeToCompile& from) {
  RegularJoinSettings settings;
  settings.policy = from.policy();
  settings.left = {from.input_schema(0), join.left_keys};
  settings.right = {from.input_schema(1), join.right_keys};
  settings.output = from.node.schema;
  settings.left_outer = join.kind == JoinKind::left;
  settings.residual = join.residual;
  settings.ttl_us = join.ttl_us;
  return make_regular_join(std::move(settings));
}

}  // namespace

void register_regular_join(OperatorFactories& factories) { factories.add<PlanRegularJoin>(make); }

}  // namespace sluice
